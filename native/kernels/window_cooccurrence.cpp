#include "window_cooccurrence.hpp"

#include <algorithm>

#include "best_partners.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_work = 1 << 20;  // updates in a chunk of terms, about
constexpr std::int64_t chunk_terms = 16;      // of those whose partners are asked for

std::vector<WindowScratch> scratch_of(const Execution& run, const WindowRows& rows) {
  std::vector<WindowScratch> scratch;
  for (int thread = 0; thread < run.threads(); ++thread) scratch.push_back(rows.scratch());
  return scratch;
}

}  // namespace

WindowCooccurrence::WindowCooccurrence(Execution& run, const TokenView& streams, const Windowing& windowing, bool upper)
    : rows_(run, streams, windowing), upper_(upper) {}

/// All terms in chunks of about equal work; a heavy term is one by itself.
std::vector<WindowCooccurrence::Terms> WindowCooccurrence::cut() const {
  std::vector<Terms> chunks;
  std::int64_t begin = 0;
  for (std::int64_t end = 1; end <= rows_.terms(); ++end) {
    const std::int64_t work = rows_.work_before(end) - rows_.work_before(begin);
    const bool next_fits = end < rows_.terms() && rows_.work_before(end + 1) - rows_.work_before(begin) <= chunk_work;
    if (next_fits) continue;
    chunks.push_back({begin, end, work});
    begin = end;
  }
  return chunks;
}

std::int64_t WindowCooccurrence::count(Execution& run) {
  chunks_.clear();
  for (const Terms& terms : cut()) chunks_.push_back({terms, {}, {}, {}});
  const auto order = largest_first(static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c) { return chunks_[c].terms.work; });
  struct Scratch {
    WindowScratch row;
    std::vector<std::int32_t> indices;  // of the chunk at hand
    std::vector<double> values;
  };
  std::vector<Scratch> scratch;
  for (WindowScratch& row : scratch_of(run, rows_)) scratch.push_back({std::move(row), {}, {}});
  std::atomic<std::int64_t> done{0};
  parallel_chunks(run, static_cast<std::int64_t>(order.size()), [&](std::int64_t place, int thread) {
    Chunk& chunk = chunks_[order[place]];
    auto& [row_scratch, indices, values] = scratch[static_cast<std::size_t>(thread)];
    indices.clear();
    values.clear();
    for (std::int64_t term = chunk.terms.begin; term < chunk.terms.end; ++term) {
      if (run.stopped()) return;
      const WindowRow row = rows_.row(run, term, first_partner(term), row_scratch);
      run.take(12.0 * static_cast<double>(row.terms.size()));
      indices.insert(indices.end(), row.terms.begin(), row.terms.end());
      values.insert(values.end(), row.weights.begin(), row.weights.end());
      chunk.lengths.push_back(static_cast<std::int64_t>(row.terms.size()));
    }
    chunk.indices.assign(indices.begin(), indices.end());
    chunk.values.assign(values.begin(), values.end());
    run.count(Work::updates, rows_.updates_before(chunk.terms.end) - rows_.updates_before(chunk.terms.begin));
    run.report(done += chunk.terms.work, rows_.work_before(rows_.terms()));
  });
  std::int64_t nnz = 0;
  for (const Chunk& chunk : chunks_) nnz += static_cast<std::int64_t>(chunk.indices.size());
  return nnz;
}

template <class Pointer>
void WindowCooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<double> values) {
  indptr[0] = 0;
  std::vector<std::int64_t> start;  // of each chunk's entries
  std::int64_t total = 0;
  for (const Chunk& chunk : chunks_) {
    start.push_back(total);
    for (std::size_t i = 0; i < chunk.lengths.size(); ++i) {
      total += chunk.lengths[i];
      indptr[static_cast<std::size_t>(chunk.terms.begin) + i + 1] = static_cast<Pointer>(total);
    }
  }
  parallel_chunks(run, static_cast<std::int64_t>(chunks_.size()), [&](std::int64_t c, int) {
    std::copy(chunks_[c].indices.begin(), chunks_[c].indices.end(), indices.begin() + start[c]);
    std::copy(chunks_[c].values.begin(), chunks_[c].values.end(), values.begin() + start[c]);
  });
  chunks_.clear();
}

void WindowCooccurrence::write_dense(Execution& run, std::span<double> out) const {
  const std::vector<Terms> chunks = cut();
  const auto order = largest_first(static_cast<std::int64_t>(chunks.size()), [&](std::int64_t c) { return chunks[c].work; });
  std::vector<WindowScratch> scratch = scratch_of(run, rows_);
  std::atomic<std::int64_t> done{0};
  parallel_chunks(run, static_cast<std::int64_t>(order.size()), [&](std::int64_t place, int thread) {
    const Terms& terms = chunks[order[place]];
    for (std::int64_t term = terms.begin; term < terms.end; ++term) {
      if (run.stopped()) return;
      const WindowRow row = rows_.row(run, term, first_partner(term), scratch[static_cast<std::size_t>(thread)]);
      for (std::size_t i = 0; i < row.terms.size(); ++i) out[term * rows_.terms() + row.terms[i]] = row.weights[i];
    }
    run.count(Work::updates, rows_.updates_before(terms.end) - rows_.updates_before(terms.begin));
    run.report(done += terms.work, rows_.work_before(rows_.terms()));
  });
}

TopWindowPairs WindowCooccurrence::top(Execution& run, std::span<const std::int32_t> terms, std::int64_t k) const {
  std::vector<WindowScratch> scratch = scratch_of(run, rows_);
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
