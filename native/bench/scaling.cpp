#include "scaling.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "measure.hpp"

namespace corpuscle::bench {
namespace {

constexpr int repeats = 5;

struct Scaling {
  const char* row;
  std::vector<Measurement> on;  // of each thread count
};

std::vector<int> thread_counts() {
  const int most = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<int> counts;
  for (int threads = 1; threads < most; threads *= 2) counts.push_back(threads);
  counts.push_back(most);
  return counts;
}

Scaling scaling_of(const Row& row, const Corpus& corpus, const std::vector<int>& threads) {
  Execution preparing(threads.back(), nullptr, no_budget);
  const std::unique_ptr<Task> task = row.prepare(preparing, corpus);
  Scaling scaling{row.name, {}};
  for (const int count : threads) {
    scaling.on.push_back(measure(*task, count, repeats));
    if (scaling.on.back().digest != scaling.on.front().digest) {
      throw std::runtime_error("The result of " + std::string(row.name) + " on " + std::to_string(count) +
                               " threads is not the one of a single thread.");
    }
  }
  return scaling;
}

void print_table(const std::vector<Scaling>& table, const std::vector<int>& threads) {
  std::printf("| row |");
  for (const int count : threads) std::printf(count == 1 ? " %d thread |" : " %d threads | speed-up |", count);
  std::printf("\n| --- |");
  for (const int count : threads) std::printf(count == 1 ? " ---: |" : " ---: | ---: |");
  for (const Scaling& scaling : table) {
    std::printf("\n| %s |", scaling.row);
    for (const Measurement& on : scaling.on) {
      std::printf(" %.4f s |", on.median());
      if (on.threads > 1) std::printf(" %.2f |", scaling.on.front().median() / on.median());
    }
  }
  std::printf("\n");
}

void print_json(const std::vector<Scaling>& table, std::int64_t documents) {
  std::printf("{\"documents\":%lld,\"rows\":[", static_cast<long long>(documents));
  for (const Scaling& scaling : table) {
    std::printf("%s{\"row\":\"%s\",\"digest\":\"%016llx\",\"threads\":[", &scaling == table.data() ? "" : ",", scaling.row,
                static_cast<unsigned long long>(scaling.on.front().digest));
    for (const Measurement& on : scaling.on) {
      std::printf("%s{\"threads\":%d,\"seconds\":%.9g,\"speedUp\":%.4g}", &on == scaling.on.data() ? "" : ",", on.threads,
                  on.median(), scaling.on.front().median() / on.median());
    }
    std::printf("]}");
  }
  std::printf("]}\n");
}

}  // namespace

void print_scaling(const Corpus& corpus, bool json) {
  const std::vector<int> threads = thread_counts();
  std::vector<Scaling> table;
  for (const Row& row : rows()) table.push_back(scaling_of(row, corpus, threads));
  if (json) {
    print_json(table, corpus.view().count());
  } else {
    print_table(table, threads);
  }
}

}  // namespace corpuscle::bench
