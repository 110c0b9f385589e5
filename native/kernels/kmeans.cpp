#include "kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace corpuscle {
namespace {

constexpr std::int64_t row_block = 256;
constexpr std::int64_t term_block = 64;
constexpr std::int64_t tile = 16;  // centers whose dot products stay in registers at once

/// out[j] = sum over the entries of a row of value * centers[index][j], added in order of the entries.
template <class Index>
void dots(const Index* indices, const double* values, std::int64_t length, const double* centers, std::int64_t stride,
          double* out) {
  std::int64_t first = 0;
  for (; first + tile <= stride; first += tile) {
    double sums[tile] = {};
    for (std::int64_t q = 0; q < length; ++q) {
      const double* center = centers + static_cast<std::int64_t>(indices[q]) * stride + first;
      const double value = values[q];
      for (std::int64_t j = 0; j < tile; ++j) sums[j] += center[j] * value;
    }
    std::copy(sums, sums + tile, out + first);
  }
  if (first < stride) {  // the stride is a multiple of half a tile
    double sums[tile / 2] = {};
    for (std::int64_t q = 0; q < length; ++q) {
      const double* center = centers + static_cast<std::int64_t>(indices[q]) * stride + first;
      const double value = values[q];
      for (std::int64_t j = 0; j < tile / 2; ++j) sums[j] += center[j] * value;
    }
    std::copy(sums, sums + tile / 2, out + first);
  }
}

}  // namespace

template <class Value>
void KMeans::load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> weights) {
  n_ = rows.rows;
  p_ = rows.columns;
  indptr_.assign(rows.indptr.begin(), rows.indptr.end());
  values_.assign(rows.values.begin(), rows.values.end());
  weights_.assign(weights.begin(), weights.end());
  if (p_ <= 65536) {
    indices_ = std::vector<std::uint16_t>(rows.indices.begin(), rows.indices.end());
  } else {
    indices_ = std::vector<std::uint32_t>(rows.indices.begin(), rows.indices.end());
  }
  norms_.resize(static_cast<std::size_t>(n_));
  for (std::int64_t row = 0; row < n_; ++row) {
    if (row % 4096 == 0) run.check_stopped();
    double sum = 0;
    for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
      sum += values_[q] * values_[q];
    }
    norms_[row] = sum;
    if (!std::isfinite(sum) && first_non_finite_row_ < 0) first_non_finite_row_ = row;
  }
  std::visit([&](const auto& indices) { columns_ = columns_of(run, view(indices)); }, indices_);
  labels_.assign(static_cast<std::size_t>(n_), -1);
  loaded_ = true;
}

double KMeans::mean_variance(Execution& run) const {
  const Blocks blocks{p_, sum_block};
  std::vector<double> partial(static_cast<std::size_t>(blocks.count()));
  const auto n = static_cast<double>(n_);
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    double total = 0;
    for (std::int64_t c = blocks.begin(block); c < blocks.end(block); ++c) {
      const std::int64_t begin = columns_.indptr[c], end = columns_.indptr[c + 1];
      double sum = 0;
      for (std::int64_t q = begin; q < end; ++q) sum += columns_.values[q];
      const double mean = sum / n;
      double squares = static_cast<double>(n_ - (end - begin)) * (mean * mean);
      for (std::int64_t q = begin; q < end; ++q) {
        const double difference = columns_.values[q] - mean;
        squares += difference * difference;
      }
      total += squares / n;
    }
    partial[block] = total;
  });
  double total = 0;
  for (const double part : partial) total += part;
  return p_ == 0 ? 0 : total / static_cast<double>(p_);
}

void KMeans::resize_centers(std::int64_t k) {
  k_ = k;
  stride_ = (k + tile / 2 - 1) / (tile / 2) * (tile / 2);
  centers_.assign(static_cast<std::size_t>(p_ * stride_), 0.0);
  center_norms_.assign(static_cast<std::size_t>(stride_), 0.0);
  std::fill(labels_.begin(), labels_.end(), -1);
  assigned_ = summed_ = false;
}

void KMeans::set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers) {
  resize_centers(static_cast<std::int64_t>(row_numbers.size()));
  std::visit(
      [&](const auto& indices) {
        for (std::int64_t j = 0; j < k_; ++j) {
          for (std::int64_t q = indptr_[row_numbers[j]]; q < indptr_[row_numbers[j] + 1]; ++q) {
            centers_[static_cast<std::int64_t>(indices[q]) * stride_ + j] = values_[q];
          }
        }
      },
      indices_);
  compute_center_norms(run);
}

void KMeans::set_centers(Execution& run, std::int64_t k, std::span<const double> centers) {
  resize_centers(k);
  const Blocks blocks{p_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      for (std::int64_t j = 0; j < k_; ++j) centers_[term * stride_ + j] = centers[j * p_ + term];
    }
  });
  compute_center_norms(run);
}

/// In the order in which NumPy's einsum adds on x86-64, for scikit-learn has its norms from there: two lanes, even and odd
/// terms, each taking terms by eights from the last pair of them to the first. Which of two centers is the nearer one for a
/// row that shares no term with either hangs on the last bit of these sums.
void KMeans::compute_center_norms(Execution& run) {
  const Blocks blocks{stride_, tile / 2};  // of centers
  const std::int64_t whole = p_ / 8 * 8;
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    constexpr std::int64_t width = tile / 2;
    double lanes[2][width] = {};
    const auto add = [&](std::int64_t term) {
      const double* center = centers_.data() + term * stride_ + block * width;
      for (std::int64_t j = 0; j < width; ++j) lanes[term % 2][j] += center[j] * center[j];
    };
    for (std::int64_t first = 0; first < whole; first += 8) {
      for (std::int64_t pair = 6; pair >= 0; pair -= 2) {
        add(first + pair);
        add(first + pair + 1);
      }
    }
    for (std::int64_t term = whole; term < p_; ++term) add(term);
    for (std::int64_t j = 0; j < width; ++j) center_norms_[block * width + j] = lanes[0][j] + lanes[1][j];
  });
}

/// Calls use(block, row, products) for each row, with its dot products with all centers.
template <class Use>
void KMeans::with_products(Execution& run, const Use& use) const {
  const Blocks blocks{n_, row_block};
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(run.threads()));
  for (auto& own : scratch) own.resize(static_cast<std::size_t>(stride_));
  std::visit(
      [&](const auto& indices) {
        parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
          double* const products = scratch[thread].data();
          for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
            const std::int64_t begin = indptr_[row];
            dots(indices.data() + begin, values_.data() + begin, indptr_[row + 1] - begin, centers_.data(), stride_,
                 products);
            use(block, row, products);
          }
          run.count(Work::distances, (blocks.end(block) - blocks.begin(block)) * k_);
        });
      },
      indices_);
}

std::int64_t KMeans::assign(Execution& run) {
  std::vector<std::int64_t> changed(static_cast<std::size_t>(Blocks{n_, row_block}.count()), 0);
  with_products(run, [&](std::int64_t block, std::int64_t row, const double* products) {
    double nearest = std::numeric_limits<double>::infinity();
    std::int32_t label = 0;
    for (std::int64_t j = 0; j < k_; ++j) {
      const double distance = center_norms_[j] - 2.0 * products[j];  // less |row|^2, the same for all centers
      if (distance < nearest) {
        nearest = distance;
        label = static_cast<std::int32_t>(j);
      }
    }
    changed[block] += label != labels_[row];
    labels_[row] = label;
  });
  assigned_ = true;
  std::int64_t total = 0;
  for (const std::int64_t count : changed) total += count;
  return total;
}

/// By columns: one thread owns a term's k cells and adds its postings in order of rows, so there is nothing to reduce.
void KMeans::sum(Execution& run, std::span<double> cluster_weights) {
  summed_ = true;
  sums_.resize(static_cast<std::size_t>(p_ * stride_));
  const Blocks blocks{p_, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      double* sums = sums_.data() + term * stride_;
      std::fill(sums, sums + stride_, 0.0);
      for (std::int64_t at = columns_.indptr[term]; at < columns_.indptr[term + 1]; ++at) {
        const std::int32_t row = columns_.rows[at];
        sums[labels_[row]] += weights_.empty() ? columns_.values[at] : columns_.values[at] * weights_[row];
      }
    }
  });
  std::fill(cluster_weights.begin(), cluster_weights.end(), 0.0);
  for (std::int64_t row = 0; row < n_; ++row) cluster_weights[labels_[row]] += weights_.empty() ? 1.0 : weights_[row];
}

void KMeans::move(std::int64_t row, std::int64_t from, std::int64_t to) {
  const double weight = weights_.empty() ? 1.0 : weights_[row];
  std::visit(
      [&](const auto& indices) {
        for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
          double* sums = sums_.data() + static_cast<std::int64_t>(indices[q]) * stride_;
          sums[from] -= values_[q] * weight;
          sums[to] = values_[q] * weight;
        }
      },
      indices_);
}

double KMeans::average(Execution& run, std::span<const double> cluster_weights) {
  const auto heaviest = std::max_element(cluster_weights.begin(), cluster_weights.end()) - cluster_weights.begin();
  std::vector<double> factors(static_cast<std::size_t>(k_), 0.0);
  for (std::int64_t j = 0; j < k_; ++j) {
    if (cluster_weights[j] > 0) factors[j] = 1.0 / cluster_weights[j];
  }
  const Blocks blocks{p_, sum_block};
  std::vector<double> partial(static_cast<std::size_t>(blocks.count() * k_), 0.0);
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    double* moved = partial.data() + block * k_;
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      double* sums = sums_.data() + term * stride_;
      const double* old = centers_.data() + term * stride_;
      for (std::int64_t j = 0; j < k_; ++j) sums[j] *= factors[j];
      for (std::int64_t j = 0; j < k_; ++j) {
        if (!(cluster_weights[j] > 0)) sums[j] = sums[heaviest];
        const double difference = sums[j] - old[j];
        moved[j] += difference * difference;
      }
    }
  });
  centers_.swap(sums_);
  compute_center_norms(run);
  double total = 0;
  for (std::int64_t j = 0; j < k_; ++j) {
    double squared = 0;
    for (std::int64_t block = 0; block < blocks.count(); ++block) squared += partial[block * k_ + j];
    const double shift = std::sqrt(squared);
    total += shift * shift;
  }
  return total;
}

void KMeans::distances(Execution& run, std::span<double> out) const {
  const Blocks blocks{n_, row_block};
  std::visit(
      [&](const auto& indices) {
        parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
          for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
            const double* center = centers_.data() + labels_[row];
            double sum = 0;
            for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
              const double cell = center[static_cast<std::int64_t>(indices[q]) * stride_];
              const double difference = values_[q] - cell;
              sum += difference * difference - cell * cell;
            }
            out[row] = positive(sum + center_norms_[labels_[row]]);
          }
        });
      },
      indices_);
}

void KMeans::transform(Execution& run, std::span<double> out) const {
  with_products(run, [&](std::int64_t, std::int64_t row, const double* products) {
    for (std::int64_t j = 0; j < k_; ++j) {
      out[row * k_ + j] = std::sqrt(positive((-2.0 * products[j] + norms_[row]) + center_norms_[j]));
    }
  });
}

void KMeans::centers(Execution& run, std::span<double> out) const {
  const Blocks blocks{p_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t j = 0; j < k_; ++j) {
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
        out[j * p_ + term] = centers_[term * stride_ + j];
      }
    }
  });
}

template void KMeans::load(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const double>);
template void KMeans::load(Execution&, const CsrView<std::int32_t, float>&, std::span<const double>);
template void KMeans::load(Execution&, const CsrView<std::int32_t, double>&, std::span<const double>);

}  // namespace corpuscle
