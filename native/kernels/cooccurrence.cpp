#include "cooccurrence.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

namespace corpuscle {
namespace {

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
    : rows_(run, rows, Reach::from_term), columns_(rows.columns), full_(full), diagonal_(diagonal) {}

std::int64_t Cooccurrence::chunk_count() const {
  return std::clamp<std::int64_t>((rows_.work_before(columns_) + columns_) / chunk_work, 1, std::max<std::int64_t>(1, columns_));
}

/// The first term of a chunk: chunks take about the same number of updates.
std::int64_t Cooccurrence::first_term_of(std::int64_t chunk, std::int64_t chunks) const {
  if (chunk >= chunks) return columns_;
  const auto share = static_cast<double>(rows_.work_before(columns_) + columns_) * static_cast<double>(chunk) / static_cast<double>(chunks);
  std::int64_t low = 0, high = columns_;
  while (low < high) {
    const std::int64_t middle = (low + high) / 2;
    if (static_cast<double>(rows_.work_before(middle) + middle) < share) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Calls use(chunk, term, counts) for each term; `use` sets the counts back to zero.
template <class Use>
void Cooccurrence::for_each_row(Execution& run, std::int64_t n_chunks, const Use& use) const {
  std::vector<PairCounts> scratch(static_cast<std::size_t>(run.threads()), PairCounts(columns_));
  parallel_chunks(run, n_chunks, [&](std::int64_t chunk, int thread) {
    PairCounts& sums = scratch[thread];
    const std::int64_t first = first_term_of(chunk, n_chunks), end = first_term_of(chunk + 1, n_chunks);
    for (std::int64_t term = first; term < end; ++term) {
      if (run.stopped()) return;
      rows_.count(term, sums);
      if (!diagonal_) sums.counts[term] = 0;
      use(chunk, term, sums);
    }
    run.count(Work::updates, rows_.work_before(end) - rows_.work_before(first));
  });
}

std::int64_t Cooccurrence::count(Execution& run) {
  const std::int64_t n_chunks = chunk_count();
  chunks_.clear();
  chunks_.resize(static_cast<std::size_t>(n_chunks));
  std::atomic<std::int64_t> done{0};
  for_each_row(run, n_chunks, [&](std::int64_t c, std::int64_t term, PairCounts& sums) {
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
      run.report(done += rows_.work_before(term + 1) - rows_.work_before(chunk.first_term), rows_.work_before(columns_));
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
  for_each_row(run, n_chunks, [&](std::int64_t, std::int64_t term, PairCounts& sums) {
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
