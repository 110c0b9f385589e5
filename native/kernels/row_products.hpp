// The products of a row, sparse or dense, with centers, or sums of clusters, that are kept transposed: one row of `stride` cells a term.
#pragma once

#include <cstdint>

#include "simd.hpp"

namespace corpuscle {

/// A distance, or its square, that rounding may have made negative.
inline double positive(double distance) { return distance > 0 ? distance : 0; }

/// The cells that a row of k clusters takes.
inline std::int64_t padded_clusters(std::int64_t k) { return (k + 7) / 8 * 8; }

/// out[j] = sum over the entries of a row of value * cells[index * stride + j], added in order of the entries; stride is a
/// multiple of 8. The bits are the same at every level.
template <class Index>
using RowProducts = void (*)(const Index* indices, const double* values, std::int64_t length, const double* cells,
                             std::int64_t stride, double* out);

template <class Index>
RowProducts<Index> row_products(Simd level);

/// The products of `rows` rows that have an entry for each of `length` terms, one row after the other, with eight centers, whose cells of a
/// term are eight numbers, one term after the other; out is eight numbers a row. The bits are those of `RowProducts`.
using ProductsWithEight = void (*)(const double* values, std::int64_t length, std::int64_t rows, const double* cells, double* out);

ProductsWithEight products_with_eight(Simd level);

}  // namespace corpuscle
