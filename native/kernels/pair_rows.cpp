#include "pair_rows.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>

namespace corpuscle {
namespace {

constexpr std::int64_t group = 4;  // of ids that are added without a question in between
constexpr std::int64_t ahead = 8;  // postings between the one prefetched and the one added
constexpr std::int64_t range_terms = 4096;  // whose postings are filled in together
constexpr std::int64_t tile_cells = 32;     // of two bytes: about a line of each frequent term's row

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
PairRows::PairRows(Execution& run, const CsrView<std::int32_t, Value>& rows, Reach reach, Terms terms, Bits bits,
                   std::span<const std::uint32_t> cells)
    : columns_(rows.columns), reach_(reach), simd_(run.simd()), cells_(cells.begin(), cells.end()) {
  const std::int64_t room = padded_begin(rows, rows.rows);
  if (room > 0xffffffffLL) throw OverLimit{"Co-occurrence takes fewer than 2^32 entries, but the matrix has " + std::to_string(rows.nnz()) + "."};
  if (columns_ < 65536) {
    fill(run, rows, terms, bits, ids_.emplace<0>(static_cast<std::size_t>(room)));
  } else {
    fill(run, rows, terms, bits, ids_.emplace<1>(static_cast<std::size_t>(room)));
  }
}

void PairRows::prepare(Execution& run) {
  if (!has_bits() || !with_frequent_.empty()) return;
  note_rows(run);
  count_with_frequent(run);
}

template <class Value, class Id>
void PairRows::fill(Execution& run, const CsrView<std::int32_t, Value>& rows, Terms terms, Bits bits, LargeVector<Id>& ids) {
  Layout layout = lay_out(run, rows, ids);
  work_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  if (bits != Bits::never && terms.first == 0 && terms.end == columns_) {
    FrequentTerms frequent(layout.frequency);
    const PairWork work{layout.frequency, rows.rows, layout.updates, run.threads(), sizeof(Value), sizeof(Id)};
    if (bits == Bits::always || frequent.pay_as_bits(simd_, work)) {
      frequent_ = std::move(frequent);
      move_to_bits(run, rows, ids, layout.ends);
    }
  }
  for (std::int64_t term = 0; term < columns_; ++term) {
    if (term < terms.first || term >= terms.end) layout.frequency[term] = 0;
  }
  place_postings(layout.frequency);
  fill_postings(run, rows, terms, ids, layout.ends);
  for (std::int64_t term = 0; term < columns_; ++term) work_[term + 1] += work_[term];
  if (!cells_.empty()) rename(run, ids);
}

/// Lays out the rows one after the other.
template <class Value, class Id>
PairRows::Layout PairRows::lay_out(Execution& run, const CsrView<std::int32_t, Value>& rows, LargeVector<Id>& ids) {
  Layout layout{std::vector<std::uint32_t>(static_cast<std::size_t>(rows.rows)), std::vector<std::uint32_t>(static_cast<std::size_t>(columns_))};
  std::vector<std::vector<std::uint32_t>> held(static_cast<std::size_t>(run.threads()));
  std::atomic<std::int64_t> updates{0};
  const Blocks blocks{rows.rows, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    if (run.stopped()) return;
    held[thread].resize(static_cast<std::size_t>(columns_));
    std::int64_t of_block = 0;
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      std::int64_t end = padded_begin(rows, row);
      for (std::int64_t q = rows.indptr[row]; q < rows.indptr[row + 1]; ++q) {
        if (rows.values[q] == 0) continue;
        ids[end++] = static_cast<Id>(rows.indices[q]);
        ++held[thread][rows.indices[q]];
      }
      const std::int64_t length = end - padded_begin(rows, row);
      of_block += reach_ == Reach::from_term ? length * (length + 1) / 2 : length * length;
      layout.ends[row] = static_cast<std::uint32_t>(end);
      std::fill(ids.begin() + end, ids.begin() + padded_begin(rows, row + 1), static_cast<Id>(columns_));
    }
    updates += of_block;
  });
  layout.updates = updates;
  for (const auto& of_thread : held) {
    for (std::size_t term = 0; term < of_thread.size(); ++term) layout.frequency[term] += of_thread[term];
  }
  return layout;
}

/// Takes the frequent terms out of the rows, each of which becomes a bit, and counts the updates that each term takes.
template <class Value, class Id>
void PairRows::move_to_bits(Execution& run, const CsrView<std::int32_t, Value>& rows, LargeVector<Id>& ids, std::span<std::uint32_t> ends) {
  bits_.resize(static_cast<std::size_t>(rows.rows));
  bit_columns_ = BitColumns(rows.rows);
  std::vector<std::vector<std::int64_t>> work(static_cast<std::size_t>(run.threads()));
  const Blocks blocks{rows.rows, 1024};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    if (run.stopped()) return;
    work[thread].resize(static_cast<std::size_t>(columns_));
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      BitRow bits{};
      const std::int64_t begin = padded_begin(rows, row);
      std::int64_t end = begin;
      for (std::int64_t at = begin; at < ends[row]; ++at) {
        const Id id = ids[at];
        const std::int64_t bit = frequent_.before(id);
        const bool is_bit = frequent_.has(id);
        work[thread][id] += ends[row] - (reach_ == Reach::from_term ? at : begin);
        bits.words[bit / 64 % bits.words.size()] |= std::uint64_t{is_bit} << (bit % 64);
        ids[end] = id;
        end += !is_bit;
      }
      bits_[row] = bits;
      std::fill_n(ids.begin() + end, std::min<std::int64_t>(group - 1, ends[row] - end), static_cast<Id>(columns_));
      ends[row] = static_cast<std::uint32_t>(end);
    }
    bit_columns_.set(bits_, blocks.begin(block), blocks.end(block));
  });
  for (const auto& of_thread : work) {
    for (std::size_t term = 0; term < of_thread.size(); ++term) work_[term + 1] += of_thread[term];
  }
}

/// The postings of each term, which is in so many rows, in order, those of the frequent terms last: of these the row alone is noted.
void PairRows::place_postings(std::span<const std::uint32_t> frequency) {
  postings_begin_.resize(static_cast<std::size_t>(columns_));
  std::int64_t place = 0;
  for (std::int64_t term = 0; term < columns_; ++term) {
    if (frequent_.has(term)) continue;
    postings_begin_[term] = place;
    place += frequency[term];
  }
  postings_.resize(static_cast<std::size_t>(place));
  for (const std::uint32_t term : frequent_.terms()) {
    postings_begin_[term] = place;
    place += frequency[term];
  }
  if (has_bits()) posting_rows_.resize(static_cast<std::size_t>(place));
  postings_end_ = postings_begin_;
}

/// Notes where each term is in the rows: range after range of terms, whose ends then fit the cache.
template <class Value, class Id>
void PairRows::fill_postings(Execution& run, const CsrView<std::int32_t, Value>& rows, Terms terms, const LargeVector<Id>& ids,
                             std::span<const std::uint32_t> ends) {
  const Blocks ranges{terms.end - terms.first, range_terms};
  parallel_chunks(run, ranges.count(), [&](std::int64_t range, int) {
    const std::int64_t first = terms.first + ranges.begin(range), past = terms.first + ranges.end(range);
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      if (row % 4096 == 0 && run.stopped()) return;
      if (has_bits() && row + ahead < rows.rows) prefetch(ids.data() + padded_begin(rows, row + ahead));  // bits left gaps between rows
      const Id* const row_begin = ids.data() + padded_begin(rows, row);
      const Id* const row_end = ids.data() + ends[row];
      for (const Id* id = std::lower_bound(row_begin, row_end, first); id != row_end && *id < past; ++id) {
        const Id* const start = reach_ == Reach::from_term ? id : row_begin;
        const auto length = static_cast<std::uint32_t>(row_end - start);
        const std::int64_t at = postings_end_[*id]++;
        postings_[at] = {static_cast<std::uint32_t>(start - ids.data()), length};
        if (has_bits()) {
          posting_rows_[at] = static_cast<std::uint32_t>(row);
        } else {
          work_[*id + std::size_t{1}] += length;
        }
      }
    }
  });
}

/// The rows of each frequent term.
void PairRows::note_rows(Execution& run) {
  for (const std::uint32_t term : frequent_.terms()) frequent_cells_.push_back(cell_of(term));
  parallel_chunks(run, frequent_.size(), [&](std::int64_t bit, int) {
    std::int64_t& end = postings_end_[frequent_.terms()[bit]];
    bit_columns_.for_each(bit, [&](std::int64_t row) { posting_rows_[end++] = static_cast<std::uint32_t>(row); });
  });
  bit_columns_ = {};
}

/// Counts the frequent terms with all that are ids, a few cells at a time, which are then a piece of each frequent term's row.
void PairRows::count_with_frequent(Execution& run) {
  std::vector<std::uint32_t> term_in(static_cast<std::size_t>(columns_));
  for (std::int64_t term = 0; term < columns_; ++term) term_in[cell_of(term)] = static_cast<std::uint32_t>(term);
  with_frequent_.resize(static_cast<std::size_t>(frequent_.size() * columns_));
  const Blocks blocks{columns_, tile_cells};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    if (run.stopped()) return;
    std::array<std::array<std::uint16_t, BitRow::size + 32>, tile_cells> sums{};  // a column of it is not in one set of the cache
    const std::int64_t first = blocks.begin(block), end = blocks.end(block);
    for (std::int64_t cell = first; cell < end; ++cell) {
      const std::uint32_t term = term_in[cell];
      if (!frequent_.has(term)) sum_bits(simd_, bits_.data(), rows_of(term), sums[cell - first].data());
    }
    const std::int64_t bits = reach_ == Reach::from_term ? frequent_.before(end) : frequent_.size();  // of those whose row begins before
    for (std::int64_t bit = 0; bit < bits; ++bit) {
      std::uint16_t* const out = &with_frequent_[bit * columns_];
      for (std::int64_t cell = first; cell < end; ++cell) out[cell] = sums[cell - first][bit];
    }
  });
}

template <class Id>
void PairRows::rename(Execution& run, LargeVector<Id>& ids) const {
  const Blocks blocks{static_cast<std::int64_t>(ids.size()), 1 << 16};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t at = blocks.begin(block); at < blocks.end(block); ++at) ids[at] = static_cast<Id>(cells_[ids[at]]);
  });
}

/// Adds up its part of all rows that hold `term`; counts[columns_] takes the padding's ids.
template <class Id, class Count>
void PairRows::add_rows(std::int64_t term, const Id* ids, Count* counts) const {
  const Posting* const postings = postings_.data();
  const std::int64_t begin = postings_begin_[term], end = postings_end_[term];
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
  for (std::int64_t p = postings_begin_[term]; p < postings_end_[term]; ++p) {
    for (std::uint32_t at = 0; at < postings_[p].length; ++at) {
      const Id id = ids[postings_[p].start + at];
      if (counts[id]++ == 0) met.push_back(id);
    }
  }
  if (has_bits()) {
    for (const std::uint32_t row : rows_of(term)) {
      for_each_bit(bits_[row].words, first_bit(term), [&](std::int64_t bit) {
        const std::uint32_t cell = frequent_cells_[bit];
        if (counts[cell]++ == 0) met.push_back(cell);
      });
    }
  }
  std::sort(met.begin(), met.end());
}

/// Sets the counts with all frequent terms and, if `term` is one of them, with all others.
template <class Count>
void PairRows::set_frequent(std::int64_t term, Count* counts) const {
  if (frequent_.has(term)) {
    const std::uint16_t* const others = &with_frequent_[frequent_.before(term) * columns_];
    for (std::int64_t cell = first_partner(term); cell < columns_; ++cell) counts[cell] = static_cast<Count>(others[cell]);
  }
  if (first_bit(term) == frequent_.size()) return;
  std::array<Count, BitRow::size> sums;
  sum_bits(simd_, bits_.data(), rows_of(term), sums.data());
  for (std::int64_t bit = first_bit(term); bit < frequent_.size(); ++bit) counts[frequent_cells_[bit]] = sums[bit];
}

void PairRows::count(std::int64_t term, PairCounts& sums) const {
  sums.hold_up_to(postings_end_[term] - postings_begin_[term]);
  sums.sparse = (work_[term + 1] - work_[term]) * 64 < columns_ - first_partner(term) && !frequent_.has(term);
  std::visit([&](const auto& ids) {
    sums.visit([&](auto& counts) {
      if (sums.sparse) {
        add_few_rows(term, ids.data(), counts.data(), sums.met);
      } else {
        if (!frequent_.has(term)) add_rows(term, ids.data(), counts.data());
        if (has_bits()) set_frequent(term, counts.data());
      }
    });
  }, ids_);
}

template PairRows::PairRows(Execution&, const CsrView<std::int32_t, std::int32_t>&, Reach, Terms, Bits, std::span<const std::uint32_t>);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, float>&, Reach, Terms, Bits, std::span<const std::uint32_t>);
template PairRows::PairRows(Execution&, const CsrView<std::int32_t, double>&, Reach, Terms, Bits, std::span<const std::uint32_t>);

}  // namespace corpuscle
