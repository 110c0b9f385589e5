#include "mini_batch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kmeans.hpp"
#include "row_products.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t row_block = 64;
constexpr std::int64_t term_block = 256;
constexpr std::int64_t ahead = 12;  // entries between the one whose sum is fetched and the one that is added

/// A center's squared norm is added up anew when what was added and taken off since is so many times as large.
constexpr double doubtful = 1048576;

/// Calls body(i) for each i in [0, count), on one thread where there is less work than a team is worth.
template <class Body>
void for_each(Execution& run, std::int64_t count, std::int64_t work, const Body& body) {
  const Blocks blocks{count, work < 16384 ? std::max<std::int64_t>(count, 1) : 1};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) body(i);
  });
}

/// The terms in the order in which NumPy's einsum adds their squares: see the norms of KMeans.
template <class Add>
void in_order_of_einsum(std::int64_t p, const Add& add) {
  const std::int64_t whole = p / 8 * 8;
  for (std::int64_t first = 0; first < whole; first += 8) {
    for (std::int64_t pair = 6; pair >= 0; pair -= 2) {
      add(first + pair);
      add(first + pair + 1);
    }
  }
  for (std::int64_t term = whole; term < p; ++term) add(term);
}

}  // namespace

template <class Value>
std::int64_t MiniBatch::load(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const double> row_weights) {
  n_ = rows.rows;
  p_ = rows.columns;
  indptr_ = rows.indptr;
  indices_ = rows.indices;
  if constexpr (std::is_same_v<Value, double>) {
    values_ = rows.values;
  } else {
    own_values_.assign(rows.values.begin(), rows.values.end());
    values_ = own_values_;
  }
  row_weights_.assign(row_weights.begin(), row_weights.end());
  std::atomic<std::int64_t> first_bad{n_};
  const Blocks blocks{n_, 4096};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      if (!std::isfinite(row_norm(row))) lower_to(first_bad, row);
    }
  });
  loaded_ = true;
  return first_bad < n_ ? first_bad.load() : -1;
}

double MiniBatch::row_norm(std::int64_t row) const {
  double sum = 0;
  for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) sum += values_[q] * values_[q];
  return sum;
}

void MiniBatch::resize(std::int64_t k) {
  const auto size = static_cast<std::size_t>(k);
  k_ = k;
  stride_ = padded_clusters(k);
  cells_.assign(static_cast<std::size_t>(p_ * stride_), 0.0);
  weights_.assign(size, 0.0);
  factors_.assign(size, 1.0);
  norms_.assign(size, 0.0);
  changes_.assign(size, 0.0);
  assigned_ = false;
}

void MiniBatch::set_weight(std::int64_t j, double weight) {
  weights_[j] = weight;
  factors_[j] = weight > 0 ? 1 / weight : 1;
}

void MiniBatch::set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers) {
  resize(static_cast<std::int64_t>(row_numbers.size()));
  for (std::int64_t j = 0; j < k_; ++j) {
    for (std::int64_t q = indptr_[row_numbers[j]]; q < indptr_[row_numbers[j] + 1]; ++q) {
      cells_[static_cast<std::int64_t>(indices_[q]) * stride_ + j] = values_[q];
    }
  }
  compute_norms(run);
}

void MiniBatch::set_sums(Execution& run, std::int64_t k, std::span<const double> sums, std::span<const double> weights) {
  resize(k);
  const Blocks blocks{p_, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t j = 0; j < k_; ++j) {
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) cells_[term * stride_ + j] = sums[j * p_ + term];
    }
  });
  for (std::int64_t j = 0; j < k_; ++j) set_weight(j, weights[j]);
  compute_norms(run);
}

/// By cache lines: a thread owns the norms of eight centers.
void MiniBatch::compute_norms(Execution& run) {
  constexpr std::int64_t width = 8;
  const Blocks blocks{k_, width};
  for_each(run, blocks.count(), p_ * k_, [&](std::int64_t block) {
    const std::int64_t first = blocks.begin(block), count = blocks.end(block) - first;
    double factors[width] = {}, lanes[2][width] = {};
    std::copy_n(factors_.data() + first, count, factors);
    in_order_of_einsum(p_, [&](std::int64_t term) {
      const double* const cells = cells_.data() + term * stride_ + first;
      for (std::int64_t j = 0; j < width; ++j) {
        const double cell = cells[j] * factors[j];
        lanes[term % 2][j] += cell * cell;
      }
    });
    for (std::int64_t j = 0; j < count; ++j) norms_[first + j] = changes_[first + j] = lanes[0][j] + lanes[1][j];
  });
}

void MiniBatch::compute_norm(std::int64_t j) {
  double lanes[2] = {};
  in_order_of_einsum(p_, [&](std::int64_t term) {
    const double cell = cells_[term * stride_ + j] * factors_[j];
    lanes[term % 2] += cell * cell;
  });
  norms_[j] = changes_[j] = lanes[0] + lanes[1];
}

double MiniBatch::assign(Execution& run, std::span<const std::int32_t> batch, std::span<double> cluster_weights) {
  assigned_ = false;
  const auto size = static_cast<std::int64_t>(batch.size());
  batch_.assign(batch.begin(), batch.end());
  labels_.resize(batch.size());
  products_.resize(batch.size());
  distances_.resize(batch.size());
  const auto products_of_row = row_products<std::int32_t>(run.simd());
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(run.threads()));
  for (auto& own : scratch) own.resize(static_cast<std::size_t>(stride_));
  const Blocks blocks{size, row_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    double* const products = scratch[thread].data();
    for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
      const std::int64_t begin = indptr_[batch_[i]], end = indptr_[batch_[i] + 1];
      products_of_row(indices_.data() + begin, values_.data() + begin, end - begin, cells_.data(), stride_, products);
      assign_row(i, products);
    }
    run.count(Work::distances, (blocks.end(block) - blocks.begin(block)) * k_);
  });
  std::fill(cluster_weights.begin(), cluster_weights.end(), 0.0);
  double inertia = 0;
  const Blocks sums{size, sum_block};
  for (std::int64_t block = 0; block < sums.count(); ++block) {
    double sum = 0;
    for (std::int64_t i = sums.begin(block); i < sums.end(block); ++i) {
      const double weight = row_weights_.empty() ? 1.0 : row_weights_[batch_[i]];
      sum += distances_[i] * weight;
      cluster_weights[labels_[i]] += weight;
    }
    inertia += sum;
  }
  assigned_ = true;
  return inertia;
}

/// The nearest center of a row of the batch, from its products with all sums.
void MiniBatch::assign_row(std::int64_t i, double* products) {
  double nearest = std::numeric_limits<double>::infinity();
  std::int32_t label = 0;
  for (std::int64_t j = 0; j < k_; ++j) {
    products[j] *= factors_[j];
    const double distance = norms_[j] - 2.0 * products[j];  // less |row|^2, the same for all centers
    if (distance < nearest) {
      nearest = distance;
      label = static_cast<std::int32_t>(j);
    }
  }
  const double* const center = cells_.data() + label;
  double sum = 0;
  for (std::int64_t q = indptr_[batch_[i]]; q < indptr_[batch_[i] + 1]; ++q) {
    const double cell = center[static_cast<std::int64_t>(indices_[q]) * stride_] * factors_[label];
    const double difference = values_[q] - cell;
    sum += difference * difference - cell * cell;
  }
  labels_[i] = label;
  products_[i] = products[label];
  distances_[i] = positive(sum + norms_[label]);
}

double MiniBatch::update(Execution& run, std::span<const double> weights, std::span<const std::int32_t> clusters,
                         std::span<const std::int32_t> rows) {
  std::vector<double> shifts(static_cast<std::size_t>(k_), 0.0);
  std::vector<char> replaced(static_cast<std::size_t>(k_), 0);
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    const std::int32_t j = clusters[i];
    replaced[j] = 1;
    shifts[j] = positive(row_norm(rows[i]) + norms_[j] - 2 * product(rows[i], j));
  }
  std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(k_));  // of each cluster, in order of the batch
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (row_weights_.empty() || row_weights_[batch_[i]] > 0) members[labels_[i]].push_back(static_cast<std::int32_t>(i));
  }
  std::vector<std::int64_t> fresh;
  for (std::int64_t j = 0; j < k_; ++j) {
    if (replaced[j] || (!members[j].empty() && weights_[j] == 0)) fresh.push_back(j);
  }
  clear(run, fresh);
  std::int64_t entries = 0;
  for (const std::int32_t row : batch_) entries += indptr_[row + 1] - indptr_[row];
  for_each(run, k_, entries, [&](std::int64_t j) {
    if (!replaced[j] && !members[j].empty()) shifts[j] = add(j, weights[j], members[j]);
  });
  const auto count = static_cast<std::int64_t>(clusters.size());
  for_each(run, count, count * p_, [&](std::int64_t i) { replace(clusters[i], weights[clusters[i]], rows[i]); });
  assigned_ = false;
  double total = 0;
  for (const double shift : shifts) total += shift;
  return total;
}

double MiniBatch::product(std::int64_t row, std::int64_t j) const {
  double sum = 0;
  for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
    sum += cells_[static_cast<std::int64_t>(indices_[q]) * stride_ + j] * values_[q];
  }
  return sum * factors_[j];
}

/// Empties the sums of clusters that start anew.
void MiniBatch::clear(Execution& run, const std::vector<std::int64_t>& clusters) {
  if (clusters.empty()) return;
  const Blocks blocks{p_, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      for (const std::int64_t j : clusters) cells_[term * stride_ + j] = 0;
    }
  });
}

/// Adds rows of the batch to a cluster; returns the square of how far its center moves.
double MiniBatch::add(std::int64_t j, double weight, std::span<const std::int32_t> members) {
  const double before = norms_[j];
  const double factor = 1 / weight;
  const double kept = weights_[j] * factor;  // the share that is left of the center
  double norm = kept * kept * before;
  double changes = kept * kept * changes_[j];
  double products = 0;
  for (const std::int32_t i : members) {
    const std::int64_t row = batch_[i];
    const double row_weight = row_weights_.empty() ? 1.0 : row_weights_[row];
    products += products_[i] * row_weight;
    const std::int64_t end = indptr_[row + 1];
    for (std::int64_t q = indptr_[row]; q < end; ++q) {
      __builtin_prefetch(&cells_[static_cast<std::int64_t>(indices_[std::min(q + ahead, end - 1)]) * stride_ + j], 1);
      double& sum = cells_[static_cast<std::int64_t>(indices_[q]) * stride_ + j];
      const double old = sum * factor;
      sum += values_[q] * row_weight;
      const double cell = sum * factor;
      norm += cell * cell - old * old;
      changes += cell * cell + old * old;
    }
  }
  set_weight(j, weight);
  norms_[j] = norm;
  changes_[j] = changes;
  if (!(changes <= doubtful * norm)) compute_norm(j);
  return positive(norms_[j] + before - 2 * (kept * before + factor * products));
}

/// Makes a row the center of a cluster whose sums are empty.
void MiniBatch::replace(std::int64_t j, double weight, std::int64_t row) {
  for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
    cells_[static_cast<std::int64_t>(indices_[q]) * stride_ + j] = weight > 0 ? values_[q] * weight : values_[q];
  }
  set_weight(j, weight);
  compute_norm(j);
}

void MiniBatch::settle(Execution& run) {
  const Blocks blocks{p_, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      for (std::int64_t j = 0; j < k_; ++j) cells_[term * stride_ + j] *= factors_[j];
    }
  });
  for (std::int64_t j = 0; j < k_; ++j) set_weight(j, 0);
  compute_norms(run);
  assigned_ = false;
}

void MiniBatch::sums(Execution& run, std::span<double> out) const {
  const Blocks blocks{p_, term_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t j = 0; j < k_; ++j) {
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) out[j * p_ + term] = cells_[term * stride_ + j];
    }
  });
}

template std::int64_t MiniBatch::load(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const double>);
template std::int64_t MiniBatch::load(Execution&, const CsrView<std::int32_t, float>&, std::span<const double>);
template std::int64_t MiniBatch::load(Execution&, const CsrView<std::int32_t, double>&, std::span<const double>);

}  // namespace corpuscle
