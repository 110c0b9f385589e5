#include "pair_rows.hpp"

#include <algorithm>
#include <string>

namespace corpuscle {
namespace {

constexpr std::uint32_t group = 4;  // rows are padded to whole groups with an id that nobody asks for
constexpr std::int64_t ahead = 16;  // postings between the one prefetched and the one added

}  // namespace

template <class Value>
PairRows::PairRows(Execution& run, const CsrView<std::int32_t, Value>& rows, Reach reach)
    : columns_(rows.columns), reach_(reach) {
  const std::int64_t room = rows.nnz() + static_cast<std::int64_t>(group - 1) * rows.rows;
  if (room > 0xffffffffLL) throw OverLimit{"Co-occurrence takes fewer than 2^32 entries, but the matrix has " + std::to_string(rows.nnz()) + "."};
  postings_begin_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  for (std::int64_t q = 0; q < rows.nnz(); ++q) {
    if (rows.values[q] != 0) ++postings_begin_[static_cast<std::size_t>(rows.indices[q]) + 1];
  }
  for (std::int64_t c = 0; c < columns_; ++c) postings_begin_[c + 1] += postings_begin_[c];
  postings_.resize(static_cast<std::size_t>(postings_begin_.back()));
  work_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  std::vector<std::int64_t> next(postings_begin_.begin(), postings_begin_.end() - 1);

  const auto fill = [&]<class Id>(std::vector<Id>& ids) {
    const auto sentinel = static_cast<Id>(columns_);
    ids.reserve(static_cast<std::size_t>(room));
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      if (row % 4096 == 0) run.check_stopped();
      const std::size_t first = ids.size();
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
        if (rows.values[q] != 0) ids.push_back(static_cast<Id>(rows.indices[q]));
      }
      const std::size_t end = ids.size();
      for (std::size_t at = first; at < end; ++at) {
        const auto term = static_cast<std::size_t>(ids[at]);
        const std::size_t start = reach == Reach::from_term ? at : first;
        postings_[next[term]++] = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start)};
        work_[term + 1] += static_cast<std::int64_t>(end - start);
      }
      // A suffix starts anywhere, so its last group may reach this far behind the row.
      ids.resize(end + group - 1, sentinel);
    }
  };
  if (columns_ < 65536) {
    fill(ids_.emplace<0>());
  } else {
    fill(ids_.emplace<1>());
  }
  for (std::int64_t c = 0; c < columns_; ++c) work_[c + 1] += work_[c];
}

/// Adds up its part of all rows that hold `term`; counts[columns_] takes the padding's ids.
template <class Id>
void PairRows::add_rows(std::int64_t term, const std::vector<Id>& ids, PairCounts& sums) const {
  const std::int64_t begin = postings_begin_[term], end = postings_begin_[term + 1];
  std::int32_t* const counts = sums.counts.data();
  sums.sparse = (work_[term + 1] - work_[term]) * 8 < columns_ - first_partner(term);
  if (sums.sparse) {  // few updates: note the ids instead of looking for them in the whole row
    sums.met.clear();
    for (std::int64_t p = begin; p < end; ++p) {
      for (std::uint32_t at = 0; at < postings_[p].length; ++at) {
        const Id id = ids[postings_[p].start + at];
        if (counts[id]++ == 0) sums.met.push_back(id);
      }
    }
    std::sort(sums.met.begin(), sums.met.end());
    return;
  }
  for (std::int64_t p = begin; p < end; ++p) {
    if (p + ahead < end) __builtin_prefetch(ids.data() + postings_[p + ahead].start);
    const Id* id = ids.data() + postings_[p].start;
    for (std::uint32_t at = 0; at < postings_[p].length; at += group, id += group) {
      ++counts[id[0]];
      ++counts[id[1]];
      ++counts[id[2]];
      ++counts[id[3]];
    }
  }
}

void PairRows::count(std::int64_t term, PairCounts& sums) const {
  std::visit([&](const auto& ids) { add_rows(term, ids, sums); }, ids_);
}

template PairRows::PairRows(Execution&, const CsrView<std::int32_t, std::int32_t>&, Reach);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, float>&, Reach);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, double>&, Reach);

}  // namespace corpuscle
