// k-means++: where a k-means starts (Arthur, Vassilvitskii 2007).
#include <algorithm>
#include <limits>

#include "kmeans.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t most_range_rows = 16 * sum_block;  // whose distances stay in the cache

/// distances[i] = the smaller of known[i] and |row|^2 - 2 products[i] + norms[i]; products become 0.
void take_nearer(double norm, const double* norms, const double* known, std::int64_t length, double* products, double* distances) {
  for (std::int64_t i = 0; i < length; ++i) {
    const double distance = positive((-2.0 * products[i] + norm) + norms[i]);
    distances[i] = distance < known[i] ? distance : known[i];
    products[i] = 0;
  }
}

/// sums[b] = the weighted sum of block b of `length` numbers; several blocks at a time, for an addition waits for the one before it.
void sum_blocks(const double* numbers, const double* weights, std::int64_t length, double* sums) {
  const Blocks blocks{length, sum_block};
  const auto add = [&]<int count>(std::int64_t block, double (&into)[count]) {
    const std::int64_t first = blocks.begin(block), size = count == 1 ? blocks.end(block) - first : sum_block;
    for (std::int64_t i = 0; i < size; ++i) {
      for (int b = 0; b < count; ++b) {
        const std::int64_t at = first + b * sum_block + i;
        into[b] += weights == nullptr ? numbers[at] : numbers[at] * weights[at];
      }
    }
    std::copy_n(into, count, sums + block);
  };
  std::int64_t block = 0;
  for (; (block + 4) * sum_block <= length; block += 4) {
    double four[4] = {};
    add(block, four);
  }
  for (; block < blocks.count(); ++block) {
    double one[1] = {};
    add(block, one);
  }
}

/// The first row at which the cumulated weighted distances reach `target`, or the last: cumulated by blocks, whose sums are known,
/// then by the rows of one.
std::int64_t row_at(double target, std::span<const double> distances, const double* weights, std::span<const double> block_sums) {
  const auto n = static_cast<std::int64_t>(distances.size());
  const Blocks blocks{n, sum_block};
  double before = 0;
  for (std::int64_t block = 0; block < blocks.count(); before += block_sums[block++]) {
    if (before + block_sums[block] < target) continue;
    double sum = before;
    for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
      sum += weights == nullptr ? distances[row] : distances[row] * weights[row];
      if (sum >= target) return row;
    }
  }
  return n - 1;
}

}  // namespace

/// By the inverted index: only the posting lists of the row's terms are read, not the whole matrix; products[i] is that of row
/// first + i.
void KMeans::products_with_row(const Execution& run, const Columns& columns, std::int64_t row, std::int64_t first, std::int64_t end,
                               double* products) const {
  const std::int32_t* const rows = columns.rows.data();
  std::visit(
      [&](const auto& indices) {
        for (std::int64_t q = indptr_[row]; q < indptr_[row + 1] && !run.stopped(); ++q) {
          const double value = values_[q];
          const auto term = static_cast<std::size_t>(indices[q]);
          const std::int32_t* at = rows + columns.indptr[term];
          const std::int32_t* last = rows + columns.indptr[term + 1];
          if (first > 0) at = std::lower_bound(at, last, first);
          if (end < n_) last = std::lower_bound(at, last, end);
          const double* weight = columns.values.data() + (at - rows);
          for (; at < last; ++at, ++weight) products[*at - first] += value * *weight;
        }
      },
      indices_);
}

std::vector<std::int32_t> KMeans::seed(Execution& run, std::int64_t first, std::int64_t trials, std::span<const double> draws) {
  const Columns* const columns = full_ ? nullptr : &columns_for(run);
  const auto n = static_cast<std::size_t>(n_);
  const std::int64_t share = (n_ + run.threads() - 1) / run.threads();
  const Blocks ranges{n_, std::clamp((share + sum_block - 1) / sum_block * sum_block, sum_block, most_range_rows)};
  const Blocks blocks{n_, sum_block};
  const double* const weights = weights_.empty() ? nullptr : weights_.data();
  std::vector<double> closest(n, std::numeric_limits<double>::infinity());
  std::vector<std::vector<double>> candidates(static_cast<std::size_t>(trials), std::vector<double>(n));
  std::vector<std::vector<double>> sums(candidates.size(), std::vector<double>(static_cast<std::size_t>(blocks.count())));
  const std::int64_t own_size = ranges.size * (full_ ? trials : 1);
  std::vector<std::vector<double>> products(static_cast<std::size_t>(run.threads()), std::vector<double>(static_cast<std::size_t>(own_size), 0.0));

  double potential = 0;
  std::vector<double> block_sums;  // of the weighted `closest`
  // Returns the one of `rows` that leaves the smallest potential, the first on a tie.
  const auto take_best = [&](std::span<const std::int64_t> rows) {
    const auto count = static_cast<std::int64_t>(rows.size());
    const auto offer = [&](std::int64_t trial, std::int64_t begin, std::int64_t end, double* own) {
      double* const distances = candidates[trial].data() + begin;
      take_nearer(norms_[rows[trial]], norms_.data() + begin, closest.data() + begin, end - begin, own, distances);
      sum_blocks(distances, weights == nullptr ? nullptr : weights + begin, end - begin, sums[trial].data() + begin / sum_block);
    };
    const std::int64_t parts = full_ ? 1 : count;  // of a range: the candidates, or all of them at once
    parallel_chunks(run, ranges.count() * parts, [&](std::int64_t chunk, int thread) {
      const std::int64_t trial = chunk % parts, begin = ranges.begin(chunk / parts), end = ranges.end(chunk / parts);
      double* const own = products[thread].data();
      if (full_) {
        products_with_rows(run, rows, begin, end, ranges.size, own);
        for (std::int64_t t = 0; t < count; ++t) offer(t, begin, end, own + t * ranges.size);
      } else {
        products_with_row(run, *columns, rows[trial], begin, end, own);
        offer(trial, begin, end, own);
      }
    });
    run.count(Work::distances, n_ * count);
    std::int64_t best = 0;
    for (std::int64_t trial = 0; trial < count; ++trial) {
      double left = 0;
      for (const double sum : sums[trial]) left += sum;
      if (trial > 0 && !(left < potential)) continue;
      potential = left;
      best = trial;
    }
    closest.swap(candidates[best]);
    block_sums = sums[best];
    return static_cast<std::int32_t>(rows[best]);
  };

  const auto k = static_cast<std::int64_t>(draws.size()) / std::max<std::int64_t>(trials, 1) + 1;
  std::vector<std::int64_t> rows{first};
  std::vector<std::int32_t> seeds{take_best(rows)};
  rows.resize(static_cast<std::size_t>(trials));
  for (std::int64_t j = 1; j < k; ++j) {
    for (std::int64_t trial = 0; trial < trials; ++trial) {
      rows[trial] = row_at(draws[(j - 1) * trials + trial] * potential, closest, weights, block_sums);
    }
    seeds.push_back(take_best(rows));
    run.report(j + 1, k);
  }
  return seeds;
}

}  // namespace corpuscle
