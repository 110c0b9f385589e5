#include "window_cooccurrence.hpp"

#include <algorithm>

#include "best_partners.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_work = 1 << 18;  // of a chunk of terms, about: its rows fit the cache
constexpr std::int64_t chunk_terms = 16;      // of those whose partners are asked for

}  // namespace

WindowCooccurrence::WindowCooccurrence(Execution& run, const TokenView& streams, const Windowing& windowing, bool upper)
    : rows_(run, streams, windowing), upper_(upper),
      chunks_(rows_.terms(), chunk_work, [&](std::int64_t term) { return rows_.work_before(term); }) {}

/// Calls use(thread, term, scratch) for each term, and finish(thread, chunk) after those of a chunk.
template <class Use, class Finish>
void WindowCooccurrence::for_each_term(Execution& run, const Use& use, const Finish& finish) const {
  std::vector<WindowScratch> scratch = rows_.scratch(run);
  std::atomic<std::int64_t> done{0};
  parallel_chunks(run, chunks_.count(), [&](std::int64_t chunk, int thread) {
    const std::int64_t begin = chunks_.begin(chunk), end = chunks_.end(chunk);
    for (std::int64_t term = begin; term < end; ++term) {
      if (run.stopped()) return;
      use(thread, term, scratch[static_cast<std::size_t>(thread)]);
    }
    finish(thread, chunk);
    run.count(Work::updates, rows_.updates_before(end) - rows_.updates_before(begin));
    run.report(done += rows_.work_before(end) - rows_.work_before(begin), rows_.work_before(rows_.terms()));
  });
}

std::int64_t WindowCooccurrence::count(Execution& run) {
  std::int64_t most = 0;
  for (std::int64_t term = 0; term < rows_.terms(); ++term) most += static_cast<std::int64_t>(rows_.most_cells(term, first_partner(term)));
  result_.emplace(chunks_, rows_.terms(), most, run.threads(), rows_.divisor());
  for_each_term(
      run,
      [&](int thread, std::int64_t term, WindowScratch& scratch) {
        const std::int64_t first = first_partner(term);
        if (rows_.has_sums(term)) {
          rows_.add_sums(run, term, first, scratch.sums);
          result_->packed().take(run, thread, term, static_cast<std::size_t>(first), rows_.most_cells(term, first), scratch.sums);
        } else {
          const WindowRow row = rows_.row(run, term, first, scratch);
          result_->packed().take(run, thread, term, row.terms, row.weights);
        }
      },
      [&](int thread, std::int64_t chunk) { result_->finish(run, thread, chunk); });
  return result_->finish(run);
}

template <class Pointer>
void WindowCooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<double> values) {
  result_->write(run, indptr, indices, values);
  result_.reset();
}

void WindowCooccurrence::write_dense(Execution& run, std::span<double> out) const {
  const auto write_row = [&](int, std::int64_t term, WindowScratch& scratch) {
    const WindowRow row = rows_.row(run, term, first_partner(term), scratch);
    for (std::size_t i = 0; i < row.terms.size(); ++i) out[term * rows_.terms() + row.terms[i]] = row.weights[i];
  };
  for_each_term(run, write_row, [](int, std::int64_t) {});
}

TopWindowPairs WindowCooccurrence::top(Execution& run, std::span<const std::int32_t> terms, std::int64_t k) const {
  std::vector<WindowScratch> scratch = rows_.scratch(run);
  std::vector<BestPartners> best(static_cast<std::size_t>(run.threads()), BestPartners(static_cast<std::size_t>(k)));
  std::vector<std::vector<Partner>> found(terms.size());
  std::atomic<std::int64_t> done{0};
  const Blocks blocks{static_cast<std::int64_t>(terms.size()), chunk_terms};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    BestPartners& own = best[static_cast<std::size_t>(thread)];
    for (std::int64_t r = blocks.begin(block); r < blocks.end(block); ++r) {
      if (run.stopped()) return;
      const std::int32_t term = terms[r];
      const WindowRow row = rows_.row(run, term, 0, scratch[static_cast<std::size_t>(thread)]);
      own.clear();
      for (std::size_t i = 0; i < row.terms.size(); ++i) {
        if (row.terms[i] != term) own.show({row.weights[i], 0, row.terms[i]});
      }
      found[r] = own.sorted();
      run.take(28.0 * static_cast<double>(found[r].size()));
      run.count(Work::updates, rows_.updates_before(term + 1) - rows_.updates_before(term));
    }
    run.report(done += blocks.end(block) - blocks.begin(block), static_cast<std::int64_t>(terms.size()));
  });
  TopWindowPairs top;
  top.offsets.push_back(0);
  for (const auto& partners : found) {
    for (const Partner& partner : partners) {
      top.partners.push_back(partner.term);
      top.weights.push_back(partner.score);
    }
    if (top.partners.size() > 0x7fffffff) throw OverLimit{"There are more than 2^31 - 1 partners; ask for a smaller k."};
    top.offsets.push_back(static_cast<std::int32_t>(top.partners.size()));
  }
  return top;
}

template void WindowCooccurrence::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<double>);
template void WindowCooccurrence::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<double>);

}  // namespace corpuscle
