#include "cooccurrence.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

namespace corpuscle {
namespace {

constexpr std::uint32_t group = 4;        // rows are padded to whole groups with an id that nobody asks for
constexpr std::int64_t ahead = 16;        // postings between the one prefetched and the one added
constexpr std::int64_t chunk_work = 1 << 20;  // updates in a chunk of terms, about
constexpr std::int64_t tile = 64;         // side of the squares in which a dense triangle is mirrored

}  // namespace

template <class T>
T* Buffer<T>::grow(std::size_t count) {
  if (size_ + count > capacity_) {
    const std::size_t capacity = std::max(size_ + count, capacity_ * 2);
    T* const moved = static_cast<T*>(std::realloc(data_.get(), capacity * sizeof(T)));
    if (moved == nullptr) throw std::bad_alloc();
    static_cast<void>(data_.release());
    data_.reset(moved);
    capacity_ = capacity;
  }
  T* const added = data_.get() + size_;
  size_ += count;
  return added;
}

template <class Value>
Cooccurrence::Cooccurrence(Execution& run, const CsrView<std::int32_t, Value>& rows, bool full, bool diagonal)
    : columns_(rows.columns), full_(full), diagonal_(diagonal) {
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
        postings_[next[term]++] = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end - at)};
        work_[term + 1] += static_cast<std::int64_t>(end - at);
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

/// Adds up the suffixes of all rows that hold `term`; counts[columns_] takes the padding's ids.
template <class Id>
void Cooccurrence::accumulate(std::int64_t term, const std::vector<Id>& ids, Accumulator& sums) const {
  const std::int64_t begin = postings_begin_[term], end = postings_begin_[term + 1];
  std::int32_t* const counts = sums.counts.data();
  sums.sparse = (work_[term + 1] - work_[term]) * 8 < columns_ - term;
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

std::int64_t Cooccurrence::chunk_count() const {
  return std::clamp<std::int64_t>((work_.back() + columns_) / chunk_work, 1, std::max<std::int64_t>(1, columns_));
}

/// The first term of a chunk: chunks take about the same number of updates.
std::int64_t Cooccurrence::first_term_of(std::int64_t chunk, std::int64_t chunks) const {
  if (chunk >= chunks) return columns_;
  const auto share = static_cast<double>(work_.back() + columns_) * static_cast<double>(chunk) / static_cast<double>(chunks);
  std::int64_t low = 0, high = columns_;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (static_cast<double>(work_[middle] + middle) < share) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Calls use(chunk, term, accumulator) for each term; `use` empties the accumulator by `take`.
template <class Use>
void Cooccurrence::for_each_row(Execution& run, std::int64_t n_chunks, const Use& use) const {
  std::vector<Accumulator> scratch(static_cast<std::size_t>(run.threads()));
  for (Accumulator& own : scratch) own.counts.assign(static_cast<std::size_t>(columns_) + 1, 0);
  std::visit(
      [&](const auto& ids) {
        parallel_chunks(run, n_chunks, [&](std::int64_t chunk, int thread) {
          Accumulator& sums = scratch[thread];
          const std::int64_t first = first_term_of(chunk, n_chunks), end = first_term_of(chunk + 1, n_chunks);
          for (std::int64_t term = first; term < end; ++term) {
            if (run.stopped()) return;
            accumulate(term, ids, sums);
            if (!diagonal_) sums.counts[term] = 0;
            use(chunk, term, sums);
          }
          run.count(Work::updates, work_[end] - work_[first]);
        });
      },
      ids_);
}

std::int64_t Cooccurrence::count(Execution& run) {
  const std::int64_t n_chunks = chunk_count();
  chunks_.clear();
  chunks_.resize(static_cast<std::size_t>(n_chunks));
  std::atomic<std::int64_t> done{0};
  for_each_row(run, n_chunks, [&](std::int64_t c, std::int64_t term, Accumulator& sums) {
    Chunk& chunk = chunks_[c];
    if (chunk.lengths.empty()) chunk.first_term = term;
    chunk.end_term = term + 1;
    const auto emit = [&](auto length, auto&& each) {
      run.take(8.0 * static_cast<double>(length));
      std::int32_t* index = chunk.indices.grow(static_cast<std::size_t>(length));
      std::int32_t* value = chunk.values.grow(static_cast<std::size_t>(length));
      each([&](std::int64_t id) {
        const std::int32_t count = std::exchange(sums.counts[id], 0);
        if (count == 0) return;
        *index++ = static_cast<std::int32_t>(id);
        *value++ = count;
      });
      chunk.lengths.push_back(static_cast<std::int64_t>(length));
    };
    if (sums.sparse) {
      const bool without_diagonal = !diagonal_ && !sums.met.empty();  // the term itself comes first
      emit(sums.met.size() - without_diagonal, [&](auto&& visit) {
        for (const std::uint32_t id : sums.met) visit(id);
      });
    } else {
      emit(columns_ - term - std::count(sums.counts.begin() + term, sums.counts.end() - 1, 0), [&](auto&& visit) {
        for (std::int64_t id = term; id < columns_; ++id) visit(id);
      });
      sums.counts[columns_] = 0;
    }
    if (term + 1 == first_term_of(c + 1, n_chunks)) {
      run.report(done += work_[term + 1] - work_[chunk.first_term], work_.back());
    }
  });
  std::int64_t nnz = 0;
  for (const Chunk& chunk : chunks_) nnz += static_cast<std::int64_t>(chunk.indices.size());
  if (full_) {
    below_.assign(static_cast<std::size_t>(columns_), 0);
    std::int64_t mirrored = 0;
    for (const Chunk& chunk : chunks_) {
      run.check_stopped();
      const std::int32_t* index = chunk.indices.data();
      for (std::int64_t term = chunk.first_term; term < chunk.end_term; ++term) {
        for (const std::int32_t* const end = index + chunk.lengths[term - chunk.first_term]; index != end; ++index) {
          below_[*index] += *index != term;
          mirrored += *index != term;
        }
      }
    }
    nnz += mirrored;
  }
  return nnz;
}

template <class Pointer>
void Cooccurrence::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices,
                         std::span<std::int32_t> values) {
  indptr[0] = 0;
  std::int64_t total = 0;
  std::vector<std::int64_t> start(static_cast<std::size_t>(columns_));  // of a row's entries from the diagonal on
  std::vector<const std::int32_t*> row_indices(static_cast<std::size_t>(columns_)), row_values(row_indices);
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(columns_));
  for (const Chunk& chunk : chunks_) {
    std::int64_t at = 0;
    for (std::int64_t term = chunk.first_term; term < chunk.end_term; ++term) {
      lengths[term] = chunk.lengths[term - chunk.first_term];
      row_indices[term] = chunk.indices.data() + at;
      row_values[term] = chunk.values.data() + at;
      at += lengths[term];
      start[term] = total + (full_ ? below_[term] : 0);
      total = start[term] + lengths[term];
      indptr[term + 1] = static_cast<Pointer>(total);
    }
  }
  const Blocks blocks{columns_, std::max<std::int64_t>(1, columns_ / 256)};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      std::copy_n(row_indices[term], lengths[term], indices.begin() + start[term]);
      std::copy_n(row_values[term], lengths[term], values.begin() + start[term]);
    }
    if (!full_) return;
    // The part below the diagonal of these rows: the transpose of the columns that they are in the rows above them.
    const std::int64_t first = blocks.begin(block), end = blocks.end(block);
    std::vector<std::int64_t> next(static_cast<std::size_t>(end - first));
    for (std::int64_t term = first; term < end; ++term) next[term - first] = start[term] - below_[term];
    for (std::int64_t above = 0; above < end; ++above) {
      const std::int32_t* const row_end = row_indices[above] + lengths[above];
      const std::int32_t* id = std::lower_bound(row_indices[above], row_end, std::max(first, above + 1));
      for (; id != row_end && *id < end; ++id) {
        const std::int64_t at = next[*id - first]++;
        indices[at] = static_cast<std::int32_t>(above);
        values[at] = row_values[above][id - row_indices[above]];
      }
    }
  });
  chunks_.clear();
}

void Cooccurrence::write_dense(Execution& run, std::span<std::int32_t> out) const {
  const std::int64_t n_chunks = chunk_count();
  for_each_row(run, n_chunks, [&](std::int64_t, std::int64_t term, Accumulator& sums) {
    const auto row = sums.counts.begin() + term, end = sums.counts.begin() + columns_;
    if (sums.sparse) {
      for (const std::uint32_t id : sums.met) out[term * columns_ + id] = std::exchange(sums.counts[id], 0);
    } else {
      std::copy(row, end, out.begin() + term * columns_ + term);
      std::fill(row, end + 1, 0);
    }
  });
  if (!full_) return;
  const Blocks blocks{columns_, tile};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t other = 0; other <= block; ++other) {
      for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
        for (std::int64_t j = blocks.begin(other); j < std::min(i, blocks.end(other)); ++j) {
          out[i * columns_ + j] = out[j * columns_ + i];
        }
      }
    }
  });
}

template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, std::int32_t>&, bool, bool);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, float>&, bool, bool);
template Cooccurrence::Cooccurrence(Execution&, const CsrView<std::int32_t, double>&, bool, bool);
template void Cooccurrence::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>);
template void Cooccurrence::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>);

}  // namespace corpuscle
