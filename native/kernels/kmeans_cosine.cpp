// What k-means needs more for the cosine (spherical k-means: Dhillon, Modha 2001): sums are divided by their own lengths.
#include <algorithm>
#include <cmath>

#include "kmeans.hpp"

namespace corpuscle {

void KMeans::sum_lengths(Execution& run, std::span<double> out) const {
  const Blocks blocks{p_, sum_block};
  std::vector<double> partial(static_cast<std::size_t>(blocks.count() * k_), 0.0);
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    double* const squares = partial.data() + block * k_;
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      const double* const sums = sums_.of(term);
      for (std::int64_t j = 0; j < k_; ++j) squares[j] += sums[j] * sums[j];
    }
  });
  for (std::int64_t j = 0; j < k_; ++j) {
    double total = 0;
    for (std::int64_t block = 0; block < blocks.count(); ++block) total += partial[block * k_ + j];
    out[j] = std::sqrt(total);
  }
}

/// Labels hang on `center_norms_` alone wherever two centers are almost equally near.
void KMeans::set_unit_norms() {
  const auto is_unit = [](double norm) { return std::abs(norm - 1) < 1e-9; };  // a sum of zeros has no length
  if (!std::all_of(center_norms_.begin(), center_norms_.begin() + k_, is_unit)) bounds_.give_up();
  std::fill_n(center_norms_.begin(), k_, 1.0);
  const std::span<const double> norms = std::span(center_norms_).first(static_cast<std::size_t>(k_));
  coarse_centers_.set_norms(norms, norms);
}

}  // namespace corpuscle
