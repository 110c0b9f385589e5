#include "moving_sums.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace corpuscle {
namespace {

constexpr std::int64_t terms_at_once = 64;
constexpr std::size_t few_rows = 12;  // a share of all rows, one in so many, that is moved sooner than all are added

/// The least power of two that is no smaller than a positive number (Rump, Ogita, Oishi 2008).
double power_of_two(double number) {
  const double large = number * 0x1p53;
  return std::abs((large - number) - large);
}

/// What the lowest bit counts that is set in a positive number.
double lowest_bit(double number) {
  constexpr std::uint64_t fraction = (std::uint64_t{1} << 52) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(number);
  return (bits & fraction) == 0 ? number : number - std::bit_cast<double>(bits & (bits - 1));
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
  const Columns& columns = source.columns;
  std::vector<Term> found(static_cast<std::size_t>(terms_));
  const Blocks blocks{terms_, terms_at_once};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t term = blocks.begin(block); term < blocks.end(block); ++term) {
      const std::int64_t begin = columns.indptr[term], end = columns.indptr[term + 1];
      double lowest = std::numeric_limits<double>::infinity(), largest = 0;
      for (std::int64_t at = begin; at < end; ++at) {
        const double size = std::abs(source.weighted(columns.values[at], columns.rows[at]));
        largest = std::max(largest, size);
        if (size > 0) lowest = std::min(lowest, lowest_bit(size));
      }
      found[term] = {split_of(end - begin, lowest, largest), -1};
    }
  });
  of_terms_ = std::move(found);
  placed_ = false;
}

/// For terms of as many entries as they have sums: of all terms, no more than 8 bytes an entry.
void MovingSums::place_errors(const Columns& columns) {
  std::int64_t places = 0;
  for (std::int64_t term = 0; term < terms_; ++term) {
    const bool kept = of_terms_[term].split > 0 && columns.indptr[term + 1] - columns.indptr[term] >= stride_;
    of_terms_[term].place = kept ? places++ : -1;
  }
  errors_.clear();
  errors_.resize(static_cast<std::size_t>(places * stride_));
  placed_ = true;
}

template <class Index>
void MovingSums::sum(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels) {
  if (of_terms_.empty()) find_splits(run, source);
  if (!placed_) place_errors(source.columns);
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
  add(run, source, labels, stale);
  known.assign(labels.begin(), labels.end());
  labels_ = std::move(known);
}

/// By columns: one thread owns a term's sums.
template <class Index>
void MovingSums::add(Execution& run, const Source<Index>& source, std::span<const std::int32_t> labels, const std::vector<char>& stale) {
  const Columns& columns = source.columns;
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
  const CsrView<Index, double>& rows = source.rows;
  const std::int64_t ranges = run.threads();
  parallel_chunks(run, ranges, [&](std::int64_t range, int) {
    const std::int64_t first = source.columns.first_of(range, ranges), end = source.columns.first_of(range + 1, ranges);
    for (std::size_t i = 0; i < moved.size(); ++i) {
      if (i % 256 == 0 && run.stopped()) return;
      const auto [row, from, to] = moved[i];
      const auto entries = rows.indices.subspan(rows.indptr[row], rows.indptr[row + 1] - rows.indptr[row]);
      const auto begin = std::lower_bound(entries.begin(), entries.end(), first, is_before<Index>);
      auto stop = begin;
      for (; stop != entries.end() && is_before(*stop, end); ++stop) {  // processors look a few entries ahead only
        const auto term = static_cast<std::int64_t>(*stop), place = of_terms_[term].place;
        if (place < 0) continue;
        const double *const sums = of(term), *const errors = errors_.data() + place * stride_;
        __builtin_prefetch(sums + from);
        __builtin_prefetch(sums + to);
        __builtin_prefetch(errors + from);
        __builtin_prefetch(errors + to);
      }
      for (auto at = begin; at != stop; ++at) {
        const auto term = static_cast<std::int64_t>(*at);
        const double value = source.weighted(rows.values[&*at - rows.indices.data()], row);
        if (of_terms_[term].place < 0) stale[term] = 1;
        else move_entry(term, value, from, to);
      }
    }
  });
}

template void MovingSums::sum(Execution&, const Source<std::uint16_t>&, std::span<const std::int32_t>);
template void MovingSums::sum(Execution&, const Source<std::uint32_t>&, std::span<const std::int32_t>);

}  // namespace corpuscle
