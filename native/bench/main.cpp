#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../kernels/probes.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "scaling.hpp"

namespace corpuscle::bench {
namespace {

Corpus corpus_of(const Options& options) {
  return options.text.empty() ? synthetic_corpus(options.documents) : corpus_of_lines(options.text, options.documents);
}

void list() {
  for (const Row& row : rows()) std::printf("%s\n", row.name);
}

void run_row(const Options& options) {
  const auto named = [&](const Row& row) { return row.name == std::string_view(options.row); };
  const std::vector<Row> all = rows();
  const auto row = std::find_if(all.begin(), all.end(), named);
  if (row == all.end()) throw std::runtime_error("There is no row \"" + options.row + "\"; kernel_bench list tells them.");
  const Corpus corpus = corpus_of(options);
  Execution preparing(options.threads, nullptr, no_budget);
  const std::unique_ptr<Task> task = row->prepare(preparing, corpus);
  const Measurement measured = measure(*task, options.threads, options.repeats, options.simd);
  std::printf("{\"row\":\"%s\",\"threads\":%d,\"documents\":%lld,\"digest\":\"%016llx\",", row->name, measured.threads,
              static_cast<long long>(corpus.view().count()), static_cast<unsigned long long>(measured.digest));
  std::printf("\"work\":{\"updates\":%lld,\"distances\":%lld,\"probes\":%lld},\"seconds\":[",
              static_cast<long long>(measured.updates), static_cast<long long>(measured.distances),
              static_cast<long long>(measured.probes));
  for (std::size_t i = 0; i < measured.seconds.size(); ++i) std::printf("%s%.9g", i == 0 ? "" : ",", measured.seconds[i]);
  std::printf("]}\n");
}

void print_limits(int threads) {
  constexpr std::int64_t row_bytes = 448, table_bytes = 25'000 * row_bytes;  // 50 centers of 25,000 terms
  for (const Probe& probe : probes()) {
    Execution run(threads, nullptr, no_budget);
    std::printf("%-20s %8.2f G %s/s\n", probe.name, probe.rate(run, {0.05, table_bytes, row_bytes}) / 1e9, probe.unit);
  }
}

void execute(const Options& options) {
  if (options.help) {
    std::fputs(help, stdout);
  } else if (options.command == "list") {
    list();
  } else if (options.command == "run") {
    run_row(options);
  } else if (options.command == "scaling") {
    print_scaling(corpus_of(options), options.json);
  } else {
    print_limits(options.threads);
  }
}

}  // namespace
}  // namespace corpuscle::bench

int main(int count, char** arguments) {
  try {
    corpuscle::bench::execute(corpuscle::bench::parse({arguments + 1, arguments + count}));
    return 0;
  } catch (const corpuscle::InvalidText& invalid) {
    std::fprintf(stderr, "kernel_bench: Document %lld is not valid UTF-8.\n", static_cast<long long>(invalid.document));
  } catch (const corpuscle::OverLimit& over) {
    std::fprintf(stderr, "kernel_bench: %s\n", over.what.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kernel_bench: %s\n", error.what());
  }
  return 1;
}
