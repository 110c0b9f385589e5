// k-means++: where a k-means starts (Arthur, Vassilvitskii 2007).
#include <algorithm>

#include "kmeans.hpp"

namespace corpuscle {

/// By the inverted index: only the posting lists of the row's terms are read, not the whole matrix.
void KMeans::distances_to_row(Execution& run, std::int64_t row, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  std::visit(
      [&](const auto& indices) {
        for (std::int64_t q = indptr_[row]; q < indptr_[row + 1]; ++q) {
          run.check_stopped();
          const double value = values_[q];
          const auto term = static_cast<std::size_t>(indices[q]);
          for (std::int64_t at = columns_.indptr[term]; at < columns_.indptr[term + 1]; ++at) {
            out[columns_.rows[at]] += value * columns_.values[at];
          }
        }
      },
      indices_);
  const double norm = norms_[row];
  for (std::int64_t i = 0; i < n_; ++i) out[i] = positive((-2.0 * out[i] + norm) + norms_[i]);
  run.count(Work::distances, n_);
}

double KMeans::potential(std::span<const double> distances) const {
  const Blocks blocks{n_, sum_block};
  double total = 0;
  for (std::int64_t block = 0; block < blocks.count(); ++block) {
    double sum = 0;
    for (std::int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
      sum += weights_.empty() ? distances[i] : distances[i] * weights_[i];
    }
    total += sum;
  }
  return total;
}

double KMeans::seed_start(Execution& run, std::int64_t row) {
  run.check_stopped();
  closest_.resize(static_cast<std::size_t>(n_));
  distances_to_row(run, row, closest_);
  return potential(closest_);
}

KMeans::Seed KMeans::seed_step(Execution& run, std::span<const double> draws) {
  std::vector<double> cumulated(static_cast<std::size_t>(n_));
  double sum = 0;
  for (std::int64_t i = 0; i < n_; ++i) {
    sum += weights_.empty() ? closest_[i] : weights_[i] * closest_[i];
    cumulated[i] = sum;
  }
  const auto trials = static_cast<std::int64_t>(draws.size());
  std::vector<Seed> seeds(draws.size());
  std::vector<std::vector<double>> distances(draws.size());
  parallel_chunks(run, trials, [&](std::int64_t trial, int) {
    const auto found = std::lower_bound(cumulated.begin(), cumulated.end(), draws[trial]);
    const std::int64_t row = std::min<std::int64_t>(found - cumulated.begin(), n_ - 1);
    auto& distance = distances[trial];
    distance.resize(static_cast<std::size_t>(n_));
    distances_to_row(run, row, distance);
    for (std::int64_t i = 0; i < n_; ++i) if (!(distance[i] < closest_[i])) distance[i] = closest_[i];
    seeds[trial] = {row, potential(distance)};
  });
  std::size_t best = 0;
  for (std::size_t trial = 1; trial < seeds.size(); ++trial) {
    if (seeds[trial].potential < seeds[best].potential) best = trial;
  }
  closest_.swap(distances[best]);
  return seeds[best];
}

}  // namespace corpuscle
