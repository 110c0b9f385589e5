#include "row_products.hpp"

#include <algorithm>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CORPUSCLE_X86 1
#endif

namespace corpuscle {
namespace {

constexpr std::int64_t ahead = 12;  // entries between the one whose centers are fetched and the one that is added

/// The part of the products from center `first` on, `width` of them, whose sums stay in registers.
template <int width, class Index>
[[gnu::always_inline]] inline void part(const Index* indices, const double* values, std::int64_t length,
                                        const double* cells, std::int64_t stride, double* out) {
  double sums[width] = {};
  for (std::int64_t q = 0; q < length; ++q) {
    const double* const soon = cells + static_cast<std::int64_t>(indices[std::min(q + ahead, length - 1)]) * stride;
    for (int line = 0; line < width; line += 8) __builtin_prefetch(soon + line);
    const double* const center = cells + static_cast<std::int64_t>(indices[q]) * stride;
    const double value = values[q];
    for (int j = 0; j < width; ++j) sums[j] += center[j] * value;
  }
  std::copy(sums, sums + width, out);
}

/// The last centers, fewer than `width`, in one part where there are registers for them: each part reads the row anew.
template <int width, class Index>
[[gnu::always_inline]] inline void last_part(const Index* indices, const double* values, std::int64_t length,
                                             const double* cells, std::int64_t stride, std::int64_t left, double* out) {
  if constexpr (width > 0) {
    if (left == width) return part<width>(indices, values, length, cells, stride, out);
    last_part<width - 8>(indices, values, length, cells, stride, left, out);
  }
}

template <int widest, class Index>
[[gnu::always_inline]] inline void products(const Index* indices, const double* values, std::int64_t length,
                                            const double* cells, std::int64_t stride, double* out) {
  std::int64_t first = 0;
  for (; first + widest <= stride; first += widest) part<widest>(indices, values, length, cells + first, stride, out + first);
  last_part<widest - 8>(indices, values, length, cells + first, stride, stride - first, out + first);
}

template <class Index>
void products_baseline(const Index* indices, const double* values, std::int64_t length, const double* cells,
                       std::int64_t stride, double* out) {
  products<16>(indices, values, length, cells, stride, out);
}

#ifdef CORPUSCLE_X86
template <class Index>
[[gnu::target("avx2")]] void products_avx2(const Index* indices, const double* values, std::int64_t length,
                                           const double* cells, std::int64_t stride, double* out) {
  products<32>(indices, values, length, cells, stride, out);
}

template <class Index>
#ifdef __clang__
[[gnu::target("avx512f")]]
#else
[[gnu::target("avx512f,prefer-vector-width=512")]]
#endif
void products_avx512(const Index* indices, const double* values, std::int64_t length, const double* cells,
                     std::int64_t stride, double* out) {
  products<64>(indices, values, length, cells, stride, out);
}
#endif

}  // namespace

template <class Index>
RowProducts<Index> row_products([[maybe_unused]] Simd level) {
#ifdef CORPUSCLE_X86
  if (level == Simd::avx512) return products_avx512<Index>;
  if (level == Simd::avx2) return products_avx2<Index>;
#endif
  return products_baseline<Index>;
}

template RowProducts<std::int32_t> row_products(Simd);
template RowProducts<std::uint16_t> row_products(Simd);
template RowProducts<std::uint32_t> row_products(Simd);

}  // namespace corpuscle
