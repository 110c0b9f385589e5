// Any token streams: WindowCooccurrence refuses them, or its sparse and dense outputs hold the same numbers.
#include <numeric>

#include "../kernels/csr.hpp"
#include "../kernels/window_cooccurrence.hpp"
#include "bytes.hpp"

using namespace corpuscle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  Execution run(1 + bytes.byte() % 2, nullptr, 1e9);
  const std::int64_t terms = bytes.byte() % 50;
  const bool valid = bytes.byte() % 4 != 0, upper = bytes.byte() % 2 == 0;
  const auto weighing = static_cast<Weighing>(bytes.byte() % 3);
  const auto side = static_cast<Side>(bytes.byte() % 3);
  std::vector<double> numbers(1 + bytes.byte() % 8);
  for (double& number : numbers) number = 1 + bytes.byte() % static_cast<unsigned>(largest_denominator);
  const Windowing windowing{weighing, numbers, 1.0 + bytes.byte() % 9, side, bytes.byte() % 2 == 0};
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> ids;
  while (bytes.left() > 0) {
    for (int i = bytes.byte() % 16; i > 0; --i) {
      const std::int64_t id = bytes.number();
      ids.push_back(static_cast<std::int32_t>(valid ? (id < 0 || terms == 0 ? -1 : id % terms) : id));
    }
    offsets.push_back(valid || bytes.byte() % 8 != 0 ? static_cast<std::int64_t>(ids.size()) : bytes.number());
  }
  try {
    WindowCooccurrence pairs(run, {terms, offsets, ids}, windowing, upper);
    const auto n = static_cast<std::size_t>(terms), nnz = static_cast<std::size_t>(pairs.count(run));
    std::vector<std::int32_t> indptr(n + 1), indices(nnz), all(n);
    std::vector<double> values(nnz), dense(n * n, 0);
    pairs.write<std::int32_t>(run, indptr, indices, values);
    pairs.write_dense(run, dense);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::int32_t q = indptr[i]; q < indptr[i + 1]; ++q) {
        double& cell = dense[i * n + static_cast<std::size_t>(indices[q])];
        if (cell != values[q] || cell == 0) __builtin_trap();
        cell = 0;
      }
    }
    for (const double cell : dense) {
      if (cell != 0) __builtin_trap();
    }
    std::iota(all.begin(), all.end(), 0);
    pairs.top(run, all, 3);
  } catch (const InvalidMatrix&) {
    if (valid) __builtin_trap();
  }
  return 0;
}
