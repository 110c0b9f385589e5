#include "moving_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "mean_kernels.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t terms_at_once = 64;
constexpr std::int64_t line = 8;              // numbers of a cache line
constexpr std::int64_t most_cells = 1 << 14;  // of full rows' terms that are summed at once, in either part
constexpr std::size_t few_rows = 12;  // a share of all rows, one in so many, that is moved sooner than all are added

/// The least power of two that is no smaller than a positive number (Rump, Ogita, Oishi 2008).
double power_of_two(double number) {
  const double large = number * 0x1p53;
  return std::abs((large - number) - large);
}

/// For `count` values whose lowest bit and largest size are given: sums of their high parts, multiples of the unit, stay below 2^53 of them,
/// and sums of their low parts, half a unit at most, below 2^53 of the lowest bit.
double split_of(std::int64_t count, double lowest, double largest) {
  if (!(largest > 0 && largest < 0x1p900)) return 0;
  const double power = power_of_two(4.0 * static_cast<double>(std::max<std::int64_t>(count, 2)) * largest), unit = power * 0x1p-53;
  return static_cast<double>(count) * unit <= lowest * 0x1p53 ? 0.75 * power : 0;
}

double high_part(double value, double split) { return (value + split) - split; }

/// A sum, and what rounding took of it (Knuth).
std::pair<double, double> sum_and_error(double high, double low) {
  const double sum = high + low, back = sum - high;
  return {sum, (high - (sum - back)) + (low - back)};
}

}  // namespace

void MovingSums::resize(std::int64_t terms, std::int64_t stride) {
  placed_ = placed_ && stride == stride_;
  stride_ = stride;
  terms_ = terms;
  sums_.clear();  // nothing to be copied where `sum` takes more memory
  forget();
}

template <class Index>
void MovingSums::find_splits(Execution& run, const Source<Index>& source) {
  std::vector<Term> found(static_cast<std::size_t>(terms_));
  std::vector<double> lowest(found.size(), std::numeric_limits<double>::infinity()), largest(found.size(), 0.0);
  if (source.full != nullptr) {
    note_full_sizes(run, source, lowest, largest);
  } else {
    const Blocks blocks{terms_, terms_at_once};
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
      for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
        double low = lowest[term], large = 0;
        for (std::int64_t at = source.columns->indptr[term]; at < source.columns->indptr[term + 1]; ++at) {
          note_size(std::abs(source.weighted(source.columns->values[at], source.columns->rows[at])), low, large);
        }
        lowest[term] = low;
        largest[term] = large;
      }
    });
  }
  for (std::int64_t term = 0; term < terms_; ++term) found[term] = {split_of(source.entries_of(term), lowest[term], largest[term]), -1};
  of_terms_ = std::move(found);
  placed_ = false;
}

template <class Index>
void MovingSums::note_full_sizes(Execution& run, const Source<Index>& source, std::span<double> lowest, std::span<double> largest) {
  const auto note_sizes = mean_kernels(run.simd()).note_sizes;
  const std::int64_t parts = run.threads();
  std::vector<std::vector<double>> lowest_of(static_cast<std::size_t>(parts), {lowest.begin(), lowest.end()});
  std::vector<std::vector<double>> largest_of(static_cast<std::size_t>(parts), {largest.begin(), largest.end()});
  parallel_chunks(run, parts, [&](std::int64_t part, int) {
    std::vector<double> buffer;
    const std::int64_t end = source.rows.rows * (part + 1) / parts;
    for (std::int64_t row = source.rows.rows * part / parts; row < end; ++row) {
      if (row % 1024 == 0 && run.stopped()) return;
      note_sizes(source.full->some(row, 1, buffer), source.weighted(1.0, row), terms_, lowest_of[part].data(), largest_of[part].data());
    }
  });
  for (std::int64_t part = 0; part < parts; ++part) {
    for (std::int64_t term = 0; term < terms_; ++term) {
      lowest[term] = std::min(lowest[term], lowest_of[part][term]);
      largest[term] = std::max(largest[term], largest_of[part][term]);
    }
  }
}

/// For terms of as many entries as they have sums: of all terms, no more than 8 bytes an entry.
template <class Index>
void MovingSums::place_errors(const Source<Index>& source) {
  std::int64_t places = 0;
  for (std::int64_t term = 0; term < terms_; ++term) {
    const bool kept = of_terms_[term].split > 0 && source.entries_of(term) >= stride_;
    of_terms_[term].place = kept ? places++ : -1;
  }
  errors_.clear();
  errors_.resize(static_cast<std::size_t>(places * stride_));
  placed_ = true;
}

template <class Index>
void MovingSums::sum(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels) {
  if (of_terms_.empty()) find_splits(run, source);
  if (!placed_) place_errors(source);
  sums_.resize(static_cast<std::size_t>(terms_ * stride_));
  std::vector<std::int32_t> known = std::exchange(labels_, {});  // unknown again if this is stopped
  const std::size_t most = known.size() / few_rows;
  std::vector<Moved> moved;
  for (std::size_t row = 0; row < known.size() && moved.size() <= most; ++row) {
    if (labels[row] != known[row]) moved.push_back({static_cast<std::int32_t>(row), known[row], labels[row]});
  }
  const bool moves = !known.empty() && moved.size() <= most;
  std::vector<char> stale(static_cast<std::size_t>(terms_), !moves);
  if (moves) move_rows(run, source, moved, stale);
  if (source.full != nullptr) add_full(run, source, labels, stale);
  else add(run, source, labels, stale);
  known.assign(labels.begin(), labels.end());
  labels_ = std::move(known);
}

/// By columns: one thread owns a term's sums.
template <class Index>
void MovingSums::add(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, const std::vector<char>& stale) {
  const Columns& columns = *source.columns;
  std::vector<std::vector<double>> scratch(static_cast<std::size_t>(run.threads()));
  for (auto& errors : scratch) errors.resize(static_cast<std::size_t>(stride_));
  const Blocks blocks{terms_, terms_at_once};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      if (!stale[term]) continue;
      const auto [split, place] = of_terms_[term];
      double* const sums = of(term);
      double* const errors = place >= 0 ? errors_.data() + place * stride_ : scratch[thread].data();
      std::fill_n(sums, stride_, 0.0);
      std::fill_n(errors, stride_, 0.0);
      for (std::int64_t at = columns.indptr[term]; at < columns.indptr[term + 1]; ++at) {
        const std::int32_t row = columns.rows[at], label = labels[row];
        const double value = source.weighted(columns.values[at], row), high = high_part(value, split);
        sums[label] += high;
        errors[label] += value - high;
      }
      for (std::int64_t j = 0; j < stride_; ++j) std::tie(sums[j], errors[j]) = sum_and_error(sums[j], errors[j]);
    }
  });
}

/// By rows, cluster by cluster, for as many terms as stay in the cache.
template <class Index>
void MovingSums::add_full(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, const std::vector<char>& stale) {
  const Blocks blocks{terms_, std::max(most_cells / stride_ / line * line, line)};
  for (std::int64_t block = 0; block < blocks.count(); ++block) {
    bool exactly = false, in_order = false;
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      if (stale[term]) (of_terms_[term].split > 0 ? exactly : in_order) = true;
    }
    if (exactly) add_full_exactly(run, source, labels, blocks.begin(block), blocks.end(block), stale);
    if (in_order) add_full_in_order(run, source, labels, blocks.begin(block), blocks.end(block), stale);
  }
}

/// Terms with a split: each thread adds some rows. In whatever order, the sums of either part are exact.
template <class Index>
void MovingSums::add_full_exactly(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, std::int64_t first,
                                  std::int64_t end, const std::vector<char>& stale) {
  const auto add_split = mean_kernels(run.simd()).add_split;
  const std::int64_t count = end - first, parts = run.threads();
  std::vector<double> splits;
  for (std::int64_t term = first; term < end; ++term) splits.push_back(of_terms_[term].split);
  struct Sums {
    std::vector<double> high, low;
  };
  std::vector<Sums> of_parts(static_cast<std::size_t>(parts));
  parallel_chunks(run, parts, [&](std::int64_t part, int) {
    auto& [high, low] = of_parts[part];
    high.assign(static_cast<std::size_t>(count * stride_), 0.0);
    low.assign(high.size(), 0.0);
    std::vector<double> buffer;
    const std::int64_t end_row = source.rows.rows * (part + 1) / parts;
    for (std::int64_t row = source.rows.rows * part / parts; row < end_row; ++row) {
      if (row % 1024 == 0 && run.stopped()) return;
      const std::int64_t at = labels[row] * count;
      add_split(source.full->part(row, first, end, buffer), source.weighted(1.0, row), splits.data(), count, high.data() + at, low.data() + at);
    }
  });
  for (std::int64_t term = first; term < end; ++term) {
    const auto [split, place] = of_terms_[term];
    if (!stale[term] || split == 0) continue;
    for (std::int64_t j = 0; j < stride_; ++j) {
      double high = 0, low = 0;
      for (const Sums& part : of_parts) {
        high += part.high[j * count + term - first];
        low += part.low[j * count + term - first];
      }
      const auto [sum, error] = sum_and_error(high, low);
      of(term)[j] = sum;
      if (place >= 0) errors_[place * stride_ + j] = error;
    }
  }
}

/// Terms without one: each thread adds some of them, in order of rows.
template <class Index>
void MovingSums::add_full_in_order(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, std::int64_t first,
                                   std::int64_t end, const std::vector<char>& stale) {
  const auto add_split = mean_kernels(run.simd()).add_split;
  const std::int64_t share = ((end - first) / run.threads() + line - 1) / line * line;
  const Blocks ranges{end - first, std::max(share, line)};
  parallel_chunks(run, ranges.count(), [&](std::int64_t range, int) {
    const std::int64_t begin = first + ranges.begin(range), stop = first + ranges.end(range), count = stop - begin;
    const std::vector<double> no_splits(static_cast<std::size_t>(count), 0.0);
    std::vector<double> sums(static_cast<std::size_t>(count * stride_), 0.0), nothing(no_splits), buffer;
    for (std::int64_t row = 0; row < source.rows.rows; ++row) {
      if (row % 1024 == 0 && run.stopped()) return;
      const double* const values = source.full->part(row, begin, stop, buffer);
      add_split(values, source.weighted(1.0, row), no_splits.data(), count, sums.data() + labels[row] * count, nothing.data());
    }
    for (std::int64_t term = begin; term < stop; ++term) {
      if (!stale[term] || of_terms_[term].split > 0) continue;
      for (std::int64_t j = 0; j < stride_; ++j) of(term)[j] = sums[j * count + term - begin];
    }
  });
}

inline void MovingSums::move_entry(std::int64_t term, double value, std::int32_t from, std::int32_t to) {
  const double split = of_terms_[term].split;
  double* const sums = of(term);
  double* const errors = errors_.data() + of_terms_[term].place * stride_;
  const double high = high_part(value, split), low = value - high;
  const auto add_to = [&](std::int32_t label, double more_high, double more_low) {
    const double sum = sums[label], high_sum = high_part(sum, split);
    std::tie(sums[label], errors[label]) = sum_and_error(high_sum + more_high, ((sum - high_sum) + errors[label]) + more_low);
  };
  add_to(from, -high, -low);
  add_to(to, high, low);
}

/// Each thread moves the entries of some terms. Terms whose errors are not kept are marked as stale.
template <class Index>
void MovingSums::move_rows(Execution& run, const Source<Index>& source, std::span<const Moved> moved, std::vector<char>& stale) {
  const std::int64_t ranges = run.threads();
  parallel_chunks(run, ranges, [&](std::int64_t range, int) {
    const std::int64_t first = source.first_of(range, ranges), end = source.first_of(range + 1, ranges);
    std::vector<double> buffer;
    for (std::size_t i = 0; i < moved.size(); ++i) {
      if (i % 256 == 0 && run.stopped()) return;
      const auto [row, from, to] = moved[i];
      const auto [indices, values, length] = source.entries(row, first, end, buffer);
      for (std::int64_t q = 0; q < length; ++q) {  // processors look a few entries ahead only
        const auto term = static_cast<std::int64_t>(indices[q]), place = of_terms_[term].place;
        if (place < 0) continue;
        const double *const sums = of(term), *const errors = errors_.data() + place * stride_;
        __builtin_prefetch(sums + from);
        __builtin_prefetch(sums + to);
        __builtin_prefetch(errors + from);
        __builtin_prefetch(errors + to);
      }
      for (std::int64_t q = 0; q < length; ++q) {
        const auto term = static_cast<std::int64_t>(indices[q]);
        if (of_terms_[term].place < 0) stale[term] = 1;
        else move_entry(term, source.weighted(values[q], row), from, to);
      }
    }
  });
}

template void MovingSums::sum(Execution&, const Source<std::uint16_t>&, std::span<const std::int32_t>);
template void MovingSums::sum(Execution&, const Source<std::uint32_t>&, std::span<const std::int32_t>);

}  // namespace corpuscle
