#include "sparse_rows.hpp"

#include <algorithm>
#include <type_traits>

#include "stream_copy.hpp"

namespace corpuscle {

template <class Value>
SparseRows<Value>::SparseRows(const RowChunks& chunks, std::int64_t columns, std::int64_t most_entries, int threads, double divisor)
    : chunks_(chunks), divisor_(divisor), packed_(rows(), columns, threads) {
  placed_.emplace(most_entries, chunks_.count(), threads);
  if (!placed_->reserved()) placed_.reset();
}

template <class Value>
std::int64_t SparseRows<Value>::entries(std::int64_t chunk) const {
  std::int64_t sum = 0;
  for (std::int64_t row = chunks_.begin(chunk); row < chunks_.end(chunk); ++row) sum += packed_.length(row);
  return sum;
}

template <class Value>
void SparseRows<Value>::finish(Execution& run, int thread, std::int64_t chunk) {
  if (placed_ && placed_->place(run, thread, chunk, entries(chunk), write_placed())) packed_.clear(thread);
}

template <class Value>
std::int64_t SparseRows<Value>::finish(Execution& run) {
  if (placed_) placed_->place_rest(run, write_placed());
  std::int64_t sum = 0;
  for (std::int64_t chunk = 0; chunk < chunks_.count(); ++chunk) sum += entries(chunk);
  return sum;
}

/// Writes the rows of a chunk one after the other into a result of so many bytes.
template <class Value>
void SparseRows<Value>::write_chunk(std::int64_t chunk, std::int32_t* indices, Value* values, std::size_t result_bytes) const {
  for (std::int64_t row = chunks_.begin(chunk); row < chunks_.end(chunk); ++row) {
    const auto length = static_cast<std::size_t>(packed_.length(row));
    packed_.visit(row, [&]<class Number>(const auto* ids, const Number* numbers) {
      stream_copy(ids, length, indices, result_bytes);
      if constexpr (std::is_same_v<Number, double>) {
        std::copy_n(numbers, length, values);
      } else if constexpr (std::is_same_v<Value, double>) {
        stream_quotients(numbers, length, divisor_, values, result_bytes);
      } else {
        stream_copy(numbers, length, values, result_bytes);
      }
    });
    indices += length;
    values += length;
  }
  end_streams();
}

template <class Value>
template <class Pointer>
void SparseRows<Value>::write(Execution& run, std::span<Pointer> indptr, std::span<std::int32_t> indices, std::span<Value> values) {
  indptr[0] = 0;
  for (std::int64_t row = 0; row < rows(); ++row) indptr[row + 1] = indptr[row] + static_cast<Pointer>(packed_.length(row));
  if (placed_) return placed_->move_to(indices, values);
  parallel_chunks(run, chunks_.count(), [&](std::int64_t chunk, int) {
    const auto at = static_cast<std::size_t>(indptr[chunks_.begin(chunk)]);
    write_chunk(chunk, indices.data() + at, values.data() + at, indices.size_bytes());
  });
}

template class SparseRows<std::int32_t>;
template class SparseRows<double>;
template void SparseRows<std::int32_t>::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<std::int32_t>);
template void SparseRows<std::int32_t>::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<std::int32_t>);
template void SparseRows<double>::write(Execution&, std::span<std::int32_t>, std::span<std::int32_t>, std::span<double>);
template void SparseRows<double>::write(Execution&, std::span<double>, std::span<std::int32_t>, std::span<double>);

}  // namespace corpuscle
