#include "pair_rows.hpp"

#include <algorithm>
#include <string>

namespace corpuscle {
namespace {

constexpr std::int64_t group = 4;  // of ids that are added without a question in between
constexpr std::int64_t ahead = 8;  // postings between the one prefetched and the one added
constexpr std::int64_t range_terms = 4096;  // whose postings are filled in together

/// Where a row starts. Each has padding behind it, ids that nobody asks for: a suffix starts anywhere, so that its last group may reach
/// this far; ids of zeros leave more of it.
template <class Value>
std::int64_t padded_begin(const CsrView<std::int32_t, Value>& rows, std::int64_t row) {
  return rows.indptr[row] + (group - 1) * row;
}

/// Three lines, a usual suffix: the processor itself would fetch the next line only once the first has been read.
void prefetch(const void* suffix) {
  for (int line = 0; line < 3; ++line) __builtin_prefetch(static_cast<const std::byte*>(suffix) + 64 * line);
}

}  // namespace

template <class Value>
PairRows::PairRows(Execution& run, const CsrView<std::int32_t, Value>& rows, Reach reach, Terms terms,
                   std::span<const std::uint32_t> cells)
    : columns_(rows.columns), reach_(reach) {
  const std::int64_t room = padded_begin(rows, rows.rows);
  if (room > 0xffffffffLL) throw OverLimit{"Co-occurrence takes fewer than 2^32 entries, but the matrix has " + std::to_string(rows.nnz()) + "."};
  if (columns_ < 65536) {
    fill(run, rows, terms, ids_.emplace<0>(static_cast<std::size_t>(room)));
  } else {
    fill(run, rows, terms, ids_.emplace<1>(static_cast<std::size_t>(room)));
  }
  if (!cells.empty()) std::visit([&](auto& ids) { rename(run, ids, cells); }, ids_);
}

/// Lays out the rows one after the other, and counts in how many each term is.
template <class Value, class Id>
std::vector<std::uint32_t> PairRows::lay_out(Execution& run, const CsrView<std::int32_t, Value>& rows, LargeVector<Id>& ids) {
  std::vector<std::uint32_t> ends(static_cast<std::size_t>(rows.rows));
  std::vector<std::vector<std::uint32_t>> held(static_cast<std::size_t>(run.threads()));
  const Blocks blocks{rows.rows, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    if (run.stopped()) return;
    held[thread].resize(static_cast<std::size_t>(columns_));
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      std::int64_t end = padded_begin(rows, row);
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
        if (rows.values[q] == 0) continue;
        ids[end++] = static_cast<Id>(rows.indices[q]);
        ++held[thread][rows.indices[q]];
      }
      ends[row] = static_cast<std::uint32_t>(end);
      std::fill(ids.begin() + end, ids.begin() + padded_begin(rows, row + 1), static_cast<Id>(columns_));
    }
  });
  postings_begin_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  for (const auto& of_thread : held) {
    for (std::size_t c = 0; c < of_thread.size(); ++c) postings_begin_[c + 1] += of_thread[c];
  }
  return ends;
}

/// Lays out the rows, then where each term is in them: range after range of terms, whose ends then fit the cache.
template <class Value, class Id>
void PairRows::fill(Execution& run, const CsrView<std::int32_t, Value>& rows, Terms terms, LargeVector<Id>& ids) {
  const std::vector<std::uint32_t> ends = lay_out(run, rows, ids);
  for (std::int64_t c = 0; c < columns_; ++c) {
    if (c < terms.first || c >= terms.end) postings_begin_[c + 1] = 0;
    postings_begin_[c + 1] += postings_begin_[c];
  }
  postings_.resize(static_cast<std::size_t>(postings_begin_.back()));
  work_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  std::vector<std::int64_t> next(postings_begin_.begin(), postings_begin_.end() - 1);
  const Blocks ranges{terms.end - terms.first, range_terms};
  parallel_chunks(run, ranges.count(), [&](std::int64_t range, int) {
    const std::int64_t first = terms.first + ranges.begin(range), past = terms.first + ranges.end(range);
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      if (row % 4096 == 0 && run.stopped()) return;
      const Id* const row_begin = ids.data() + padded_begin(rows, row);
      const Id* const row_end = ids.data() + ends[row];
      for (const Id* id = std::lower_bound(row_begin, row_end, first); id != row_end && *id < past; ++id) {
        const Id* const start = reach_ == Reach::from_term ? id : row_begin;
        const auto length = static_cast<std::uint32_t>(row_end - start);
        postings_[next[*id]++] = {static_cast<std::uint32_t>(start - ids.data()), length};
        work_[*id + std::size_t{1}] += length;
      }
    }
  });
  for (std::int64_t c = 0; c < columns_; ++c) work_[c + 1] += work_[c];
}

template <class Id>
void PairRows::rename(Execution& run, LargeVector<Id>& ids, std::span<const std::uint32_t> cells) {
  const Blocks blocks{static_cast<std::int64_t>(ids.size()), 1 << 16};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t at = blocks.begin(block); at < blocks.end(block); ++at) ids[at] = static_cast<Id>(cells[ids[at]]);
  });
}

/// Adds up its part of all rows that hold `term`; counts[columns_] takes the padding's ids.
template <class Id, class Count>
void PairRows::add_rows(std::int64_t term, const Id* ids, Count* counts) const {
  const Posting* const postings = postings_.data();
  const std::int64_t begin = postings_begin_[term], end = postings_begin_[term + 1];
  for (std::int64_t p = begin; p < end; ++p) {
    if (p + ahead < end) prefetch(ids + postings[p + ahead].start);
    const Id* id = ids + postings[p].start;
    for (const Id* const row_end = id + postings[p].length; id < row_end; id += group) {
      ++counts[id[0]];
      ++counts[id[1]];
      ++counts[id[2]];
      ++counts[id[3]];
    }
  }
}

/// The same where the updates are few: notes the ids instead of leaving the caller to look for them among all terms.
template <class Id, class Count>
void PairRows::add_few_rows(std::int64_t term, const Id* ids, Count* counts, std::vector<std::uint32_t>& met) const {
  met.clear();
  for (std::int64_t p = postings_begin_[term]; p < postings_begin_[term + 1]; ++p) {
    for (std::uint32_t at = 0; at < postings_[p].length; ++at) {
      const Id id = ids[postings_[p].start + at];
      if (counts[id]++ == 0) met.push_back(id);
    }
  }
  std::sort(met.begin(), met.end());
}

void PairRows::count(std::int64_t term, PairCounts& sums) const {
  sums.hold_up_to(postings_begin_[term + 1] - postings_begin_[term]);
  sums.sparse = (work_[term + 1] - work_[term]) * 64 < columns_ - first_partner(term);
  std::visit([&](const auto& ids) {
    sums.visit([&](auto& counts) {
      if (sums.sparse) {
        add_few_rows(term, ids.data(), counts.data(), sums.met);
      } else {
        add_rows(term, ids.data(), counts.data());
      }
    });
  }, ids_);
}

template PairRows::PairRows(Execution&, const CsrView<std::int32_t, std::int32_t>&, Reach, Terms, std::span<const std::uint32_t>);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, float>&, Reach, Terms, std::span<const std::uint32_t>);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, double>&, Reach, Terms, std::span<const std::uint32_t>);

}  // namespace corpuscle
