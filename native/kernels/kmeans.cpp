#include "kmeans.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "mean_kernels.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t row_block = 256;
constexpr std::int64_t line = 8;  // cells of a cache line

}  // namespace

const Columns& KMeans::columns_for(Execution& run) {
  if (!columns_) std::visit([&](const auto& indices) { columns_ = columns_of(run, view(indices)); }, indices_);
  return *columns_;
}

double KMeans::mean_variance(Execution& run) {
  const std::vector<double> variances = full_ ? full_column_variances(run) : column_variances(run);
  const Blocks blocks{p_, sum_block};
  double total = 0;
  for (std::int64_t block = 0; block < blocks.count(); ++block) {
    double part = 0;
    for (std::int64_t c = blocks.begin(block); c < blocks.end(block); ++c) part += variances[c];
    total += part;
  }
  return p_ == 0 ? 0 : total / static_cast<double>(p_);
}

std::vector<double> KMeans::column_variances(Execution& run) {
  const Columns& columns = columns_for(run);
  std::vector<double> variances(static_cast<std::size_t>(p_));
  const Blocks blocks{p_, sum_block};
  const auto n = static_cast<double>(n_);
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t c = blocks.begin(block); c < blocks.end(block); ++c) {
      const std::int64_t begin = columns.indptr[c], end = columns.indptr[c + 1];
      double sum = 0;
      for (std::int64_t q = begin; q < end; ++q) sum += columns.values[q];
      const double mean = sum / n;
      double squares = static_cast<double>(n_ - (end - begin)) * (mean * mean);
      for (std::int64_t q = begin; q < end; ++q) {
        const double difference = columns.values[q] - mean;
        squares += difference * difference;
      }
      variances[c] = squares / n;
    }
  });
  return variances;
}

/// Makes room for centers, whose cells the caller writes.
void KMeans::resize_centers(std::int64_t k) {
  k_ = k;
  stride_ = padded_clusters(k);
  centers_.clear();  // nothing to be copied where this takes more memory
  centers_.resize(static_cast<std::size_t>(p_ * stride_));
  center_norms_.assign(static_cast<std::size_t>(stride_), 0.0);
  coarse_centers_.resize(p_, k, full_);
  std::fill(labels_.begin(), labels_.end(), -1);
  sums_.resize(p_, stride_);
  bounds_.reset(n_, k);
  assigned_ = summed_ = false;
}

/// The norms of new centers, and their coarse copy: calls prepare(first, end) for blocks of terms, on all threads, before it reads their
/// cells, then in_turn(block) for one block after the other. Nobody waits for a turn, for the thread whose turn it is may not be running:
/// whoever has prepared a block takes the turns of all that are ready, unless another is at it. Norms add in the order in which
/// NumPy's einsum does on x86-64, for scikit-learn has them from there: two lanes, even and odd terms, each taking terms by eights from the
/// last pair of them to the first. Which of two centers is the nearer one for a row that shares no term with either hangs on the last bit of
/// these sums.
template <class Prepare, class InTurn>
void KMeans::finish_centers(Execution& run, const Prepare& prepare, const InTurn& in_turn) {
  std::vector<double> even(static_cast<std::size_t>(stride_), 0.0), odd(even);
  const Blocks blocks{p_, shift_block};
  std::vector<std::atomic<bool>> ready(static_cast<std::size_t>(blocks.count()));
  std::atomic<std::int64_t> turn{0};
  std::atomic<bool> taking{false};
  const auto add_squares = mean_kernels(run.simd()).add_squares;
  const auto add = [&](std::int64_t first) {
    const std::int64_t terms = std::min<std::int64_t>(8, p_ - first);
    for (std::int64_t i = 0; i < terms; ++i) {
      const std::int64_t term = first + (terms == 8 ? (6 - i / 2 * 2) + i % 2 : i);
      add_squares(centers_.data() + term * stride_, stride_, term % 2 == 0 ? even.data() : odd.data());
    }
  };
  const auto is_ready = [&](std::int64_t block) { return block < blocks.count() && ready[block]; };
  const auto take_turns = [&] {
    while (is_ready(turn) && !taking.exchange(true)) {
      for (; is_ready(turn); ++turn) {
        for (std::int64_t first = blocks.begin(turn); first < blocks.end(turn); first += 8) add(first);
        in_turn(turn);
      }
      taking = false;  // and looks again: a block that got ready meanwhile was left to this thread
    }
  };
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    const bool is_first = turn == block;  // all before it have had their turns: its cells are added while they are in the cache
    for (std::int64_t first = blocks.begin(block), end = blocks.end(block); first < end; first += 8) {
      prepare(first, std::min(first + 8, end));
      if (is_first) add(first);
    }
    if (is_first) {
      in_turn(block);
      ++turn;
    } else {
      ready[block] = true;
    }
    take_turns();
  });
  for (std::int64_t j = 0; j < stride_; ++j) center_norms_[j] = even[j] + odd[j];
  const std::span<const double> norms = std::span(center_norms_).first(static_cast<std::size_t>(k_));
  const auto cells = [&](std::int64_t term, std::int64_t, std::vector<double>&) { return centers_.data() + term * stride_; };
  coarse_centers_.set(run, {stride_, {}, cells}, norms, norms);
}

void KMeans::set_centers_from_rows(Execution& run, std::span<const std::int32_t> row_numbers) {
  resize_centers(static_cast<std::int64_t>(row_numbers.size()));
  fill_zeros(run, centers_);
  std::visit(
      [&](const auto& indices) {
        std::vector<double> buffer;
        for (std::int64_t j = 0; j < k_; ++j) {
          const auto [terms, values, length] = entries(indices, row_numbers[j], buffer);
          for (std::int64_t q = 0; q < length; ++q) centers_[static_cast<std::int64_t>(terms[q]) * stride_ + j] = values[q];
        }
      },
      indices_);
  finish_centers(run, [](std::int64_t, std::int64_t) {}, [](std::int64_t) {});
}

void KMeans::set_centers(Execution& run, std::int64_t k, std::span<const double> centers) {
  resize_centers(k);
  const auto prepare = [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t term = first; term < end; ++term) {
      double* const cells = centers_.data() + term * stride_;
      for (std::int64_t j = 0; j < k; ++j) cells[j] = centers[j * p_ + term];
      std::fill(cells + k, cells + stride_, 0.0);
      if (term % line != 0 || term + 2 * line >= p_) continue;
      for (std::int64_t j = 0; j < k; ++j) __builtin_prefetch(&centers[j * p_ + term + 2 * line]);  // too many runs for the processor to see
    }
  };
  finish_centers(run, prepare, [](std::int64_t) {});
}

/// More tiles of centers than one are read by many rows at a time, so that each is read from memory seldom. Full rows are read by all tiles: there
/// are as many as stay in the cache.
std::int64_t KMeans::rows_assigned_at_once(int threads) const {
  if (full_) return std::clamp<std::int64_t>((1 << 16) / p_, 16, row_block);
  return std::clamp(n_ / (4 * threads), row_block, k_ <= widest_tile ? row_block : 16 * row_block);
}

/// Rows whose bounds do not tell, in whole numbers of 16 bits first; what these leave undecided, in double precision.
std::int64_t KMeans::assign(Execution& run) {
  const Blocks blocks{n_, rows_assigned_at_once(run.threads())};
  std::atomic<std::int64_t> changed{0};
  bounds_.begin(std::span(center_norms_).first(static_cast<std::size_t>(k_)));
  std::vector<CoarseCenters::Candidates> candidates(static_cast<std::size_t>(run.threads()));
  std::visit(
      [&]<class Index>(const LargeVector<Index>& indices) {
        const CoarseCenters::Rows<Index> rows{indptr_.data(), indices.data(), coarse_values_.data(), steps_.data(), norms_.data()};
        parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
          std::array<std::int32_t, 16 * row_block> open;
          std::array<CoarseCenters::Nearest, 16 * row_block> found;
          std::size_t count = 0;
          std::int64_t changed_here = 0;
          for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
            if (!bounds_.keeps(row, labels_[row], norms_[row])) open[count++] = static_cast<std::int32_t>(row);
          }
          coarse_centers_.nearest(run, rows, std::span(open).first(count), found.data());
          for (std::size_t i = 0; i < count; ++i) {
            if (run.stopped()) return;  // many centers take long, also for one block of rows
            const std::int32_t row = open[i];
            std::int32_t label = found[i].label;
            if (label == CoarseCenters::undecided) {
              coarse_centers_.candidates(run, rows, row, -1, candidates[thread]);
              label = nearest_center(indices, row, candidates[thread].centers);
            }
            changed_here += label != labels_[row];
            labels_[row] = label;
            bounds_.set(row, norms_[row], found[i].nearest, found[i].others);
          }
          changed += changed_here;
          run.count(Work::distances, static_cast<std::int64_t>(count) * k_);
        });
      },
      indices_);
  bounds_.end();
  assigned_ = true;
  return changed;
}

template <class Index>
std::int32_t KMeans::nearest_center(const LargeVector<Index>& indices, std::int64_t row, std::span<const std::int32_t> candidates) const {
  double nearest = std::numeric_limits<double>::infinity();
  std::int32_t label = 0;
  const auto offer = [&](std::int32_t j, double product) {
    const double distance = center_norms_[j] - 2.0 * product;  // less |row|^2, the same for all centers
    if (distance < nearest) {
      nearest = distance;
      label = j;
    }
  };
  std::vector<double> buffer;
  const auto [terms, values, length] = entries(indices, row, buffer);
  for (std::size_t i = 0; i < candidates.size(); i += 2) {  // two at once: their cells lie near each other
    const std::int32_t one = candidates[i], two = candidates[std::min(i + 1, candidates.size() - 1)];
    double of_one = 0, of_two = 0;
    for (std::int64_t q = 0; q < length; ++q) {
      const double* const cells = centers_.data() + static_cast<std::int64_t>(terms[q]) * stride_;
      of_one += cells[one] * values[q];
      of_two += cells[two] * values[q];
    }
    offer(one, of_one);
    offer(two, of_two);
  }
  return label;
}

void KMeans::sum(Execution& run, std::span<double> cluster_weights) {
  const FullRows full = full_rows();
  const Columns* const columns = full_ ? nullptr : &columns_for(run);
  std::visit(
      [&]<class Index>(const LargeVector<Index>& indices) {
        sums_.sum(run, MovingSums::Source<Index>{view(indices), columns, weights_, full_ ? &full : nullptr}, labels_);
      },
      indices_);
  summed_ = true;
  std::fill(cluster_weights.begin(), cluster_weights.end(), 0.0);
  for (std::int64_t row = 0; row < n_; ++row) cluster_weights[labels_[row]] += weights_.empty() ? 1.0 : weights_[row];
}

void KMeans::move(std::int64_t row, std::int64_t from, std::int64_t to) {
  const double weight = weights_.empty() ? 1.0 : weights_[row];
  std::visit(
      [&](const auto& indices) {
        std::vector<double> buffer;
        const auto [terms, values, length] = entries(indices, row, buffer);
        for (std::int64_t q = 0; q < length; ++q) {
          double* const sums = sums_.of(static_cast<std::int64_t>(terms[q]));
          sums[from] -= values[q] * weight;
          sums[to] = values[q] * weight;
        }
      },
      indices_);
  sums_.forget();
}

double KMeans::average(Execution& run, std::span<const double> cluster_weights) {
  const auto heaviest = std::max_element(cluster_weights.begin(), cluster_weights.end()) - cluster_weights.begin();
  std::vector<double> factors(static_cast<std::size_t>(stride_), 0.0);
  for (std::int64_t j = 0; j < k_; ++j) {
    const double weight = cluster_weights[cluster_weights[j] > 0 ? j : heaviest];
    factors[j] = weight > 0 ? 1.0 / weight : 0.0;
    if (cluster_weights[j] > 0) continue;
    for (std::int64_t term = 0; term < p_; ++term) sums_.of(term)[j] = sums_.of(term)[heaviest];
    sums_.forget();
  }
  std::vector<double> moved(static_cast<std::size_t>(stride_), 0.0);  // squared, of each center
  const auto blocks = (p_ + shift_block - 1) / shift_block;
  LargeVector<double> of_blocks(static_cast<std::size_t>(blocks * stride_));
  const auto average_cells = mean_kernels(run.simd()).average;
  const auto prepare = [&](std::int64_t first, std::int64_t end) {
    double* const squares = of_blocks.data() + first / shift_block * stride_;
    if (first % shift_block == 0) std::fill_n(squares, stride_, 0.0);
    for (std::int64_t term = first; term < end; ++term) {
      average_cells(sums_.of(term), factors.data(), stride_, centers_.data() + term * stride_, squares);
    }
  };
  finish_centers(run, prepare, [&](std::int64_t block) {
    for (std::int64_t j = 0; j < stride_; ++j) moved[j] += of_blocks[block * stride_ + j];
  });
  double total = 0;
  for (std::int64_t j = 0; j < k_; ++j) {
    const double shift = std::sqrt(moved[j]);
    bounds_.move(j, shift);
    total += shift * shift;
  }
  return total;
}

void KMeans::distances(Execution& run, std::span<double> out) const {
  if (full_) return full_distances(run, out);
  const Blocks blocks{n_, row_block};
  std::visit(
      [&](const auto& indices) {
        parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
          std::vector<double> buffer;
          for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
            const auto [terms, values, length] = entries(indices, row, buffer);
            const double* const center = centers_.data() + labels_[row];
            double sum = 0;
            for (std::int64_t q = 0; q < length; ++q) {
              const double cell = center[static_cast<std::int64_t>(terms[q]) * stride_];
              const double difference = values[q] - cell;
              sum += difference * difference - cell * cell;
            }
            out[row] = positive(sum + center_norms_[labels_[row]]);
          }
        });
      },
      indices_);
}

void KMeans::transform(Execution& run, std::span<double> out) const {
  const Blocks blocks{n_, row_block};
  std::visit(
      [&]<class Index>(const LargeVector<Index>& indices) {
        const RowProducts<Index> products_of = row_products<Index>(run.simd());
        parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
          const std::int64_t first = blocks.begin(block), end = blocks.end(block);
          run.count(Work::distances, (end - first) * k_);
          if (full_) return full_transform(run, first, end, out);
          std::vector<double> products(static_cast<std::size_t>(stride_));
          for (std::int64_t row = first; row < end; ++row) {
            const std::int64_t begin = indptr_[row];
            products_of(indices.data() + begin, values_.data() + begin, indptr_[row + 1] - begin, centers_.data(), stride_, products.data());
            for (std::int64_t j = 0; j < k_; ++j) out[row * k_ + j] = distance_of(row, j, products[j]);
          }
        });
      },
      indices_);
}

void KMeans::centers(Execution& run, std::span<double> out) const {
  const Blocks blocks{p_, sum_block};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t first = 0; first < k_; first += line) {  // a line of each term, read once
      const std::int64_t end = std::min(first + line, k_);
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
        const double* const cells = centers_.data() + term * stride_;
        if (term + 16 < p_) __builtin_prefetch(cells + 16 * stride_ + first);
        for (std::int64_t j = first; j < end; ++j) out[j * p_ + term] = cells[j];
      }
    }
  });
}

}  // namespace corpuscle
