#include "top_cooccurrences.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "best_partners.hpp"
#include "pair_rows.hpp"
#include "take_counts.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_terms = 16;
constexpr std::int64_t taken_cells = 1024;  // of a row, with the same bar

/// The terms by their frequency, in octaves: 1, 2 to 3, 4 to 7, ...
class Octaves {
 public:
  static constexpr std::size_t most = 32;

  explicit Octaves(std::span<const std::int32_t> frequency) : octave_of_(frequency.size()) {
    for (std::size_t term = 0; term < frequency.size(); ++term) {
      const auto f = static_cast<std::uint32_t>(std::max(frequency[term], 1));
      const auto octave = static_cast<std::size_t>(std::bit_width(f)) - 1;
      octave_of_[term] = static_cast<std::uint8_t>(octave);
      lowest_[octave] = lowest_[octave] == 0 ? f : std::min(lowest_[octave], f);
      highest_[octave] = std::max(highest_[octave], f);
    }
  }

  std::size_t of(std::size_t term) const { return octave_of_[term]; }
  /// Frequencies that occur in an octave; 0 where none does.
  std::uint32_t lowest(std::size_t octave) const { return lowest_[octave]; }
  std::uint32_t highest(std::size_t octave) const { return highest_[octave]; }

 private:
  std::vector<std::uint8_t> octave_of_;
  std::array<std::uint32_t, most> lowest_{}, highest_{};
};

/// The counts with which partners of one term can be among its best: the more frequent a partner is, the higher its count must be.
class LeastCounts {
 public:
  LeastCounts(const Scoring& scoring, const Octaves& octaves) : scoring_(scoring), octaves_(octaves) {}

  void start(std::int64_t term, std::int32_t least) {
    term_ = term;
    least_.fill(least);
    of_all_ = least;
  }
  bool reached_by(std::uint32_t partner, std::int32_t count) const { return count >= least_[octaves_.of(partner)]; }
  /// The least of any partner.
  std::int32_t of_all() const { return of_all_; }

  /// Takes into account what score is to be reached from here on. Rounding is given room.
  void raise(double bar) {
    const double needed = bar - 1e-9 * (1 + std::abs(bar) + scoring_.constant);
    std::int32_t of_all = std::numeric_limits<std::int32_t>::max();
    for (std::size_t octave = 0; octave < Octaves::most; ++octave) {
      if (octaves_.lowest(octave) == 0) continue;
      least_[octave] = reaching(needed, octaves_.lowest(octave), least_[octave]);
      // No count is above the partner's own frequency.
      if (static_cast<std::uint32_t>(least_[octave]) <= octaves_.highest(octave)) of_all = std::min(of_all, least_[octave]);
    }
    of_all_ = of_all;
  }

 private:
  /// The least count, not below `from`, with which a partner in `fewest` rows or more reaches a score.
  std::int32_t reaching(double needed, double fewest, std::int32_t from) const {
    const auto reaches = [&](double count) { return highest_score(scoring_, count, term_, std::max(count, fewest)) >= needed; };
    const double most = scoring_.frequency[term_];
    double low = from, step = 1;
    if (low >= most || reaches(low)) return from;
    while (low + step < most && !reaches(low + step)) {  // from one bar to the next it is a few more
      low += step;
      step *= 2;
    }
    double high = std::min(low + step, most);
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (reaches(middle) ? high : low) = middle;
    }
    return static_cast<std::int32_t>(high);
  }

  const Scoring& scoring_;
  const Octaves& octaves_;
  std::int64_t term_ = 0;
  std::array<std::int32_t, Octaves::most> least_{};
  std::int32_t of_all_ = 0;
};

/// Takes the counts of a row out of it and calls look_at(id, count) for those that reach `least`, which it may raise.
template <class Count, class LookAt>
void take_partners(Simd simd, const PairCounts& sums, std::vector<Count>& counts, const LeastCounts& least, const LookAt& look_at) {
  if (sums.sparse) {
    for (const std::uint32_t id : sums.met) {
      const auto count = static_cast<std::int32_t>(std::exchange(counts[id], Count{0}));
      if (least.reached_by(id, count)) look_at(id, count);
    }
    return;
  }
  std::array<std::uint32_t, taken_cells + taken_slack> ids;
  std::array<Count, taken_cells + taken_slack> taken;
  const Blocks cells{static_cast<std::int64_t>(counts.size()) - 1, taken_cells};
  for (std::int64_t b = 0; b < cells.count(); ++b) {
    const auto first = static_cast<std::size_t>(cells.begin(b)), length = static_cast<std::size_t>(cells.end(b)) - first;
    const auto bar = static_cast<Count>(std::min<std::int64_t>(least.of_all(), std::numeric_limits<Count>::max()));
    const std::size_t found = take_counts(simd, counts.data() + first, first, length, bar, ids.data(), taken.data());
    std::size_t kept = 0;  // without a branch, which nobody could foresee
    for (std::size_t at = 0; at < found; ++at) {
      const std::uint32_t id = ids[at];
      const Count count = taken[at];
      ids[kept] = id;
      taken[kept] = count;
      kept += least.reached_by(id, static_cast<std::int32_t>(count));
    }
    for (std::size_t at = 0; at < kept; ++at) {
      const auto count = static_cast<std::int32_t>(taken[at]);
      if (least.reached_by(ids[at], count)) look_at(ids[at], count);  // the bar may have risen since
    }
  }
  counts.back() = 0;
}

}  // namespace

template <class Value>
TopPairs top_cooccurrences(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const std::int32_t> terms,
                           std::int64_t k, std::int32_t min_count, const Scoring& scoring) {
  const PairRows pair_rows(run, rows, Reach::whole_row, {0, rows.columns});
  const std::int64_t columns = pair_rows.columns();
  struct Scratch {
    PairCounts sums;
    BestPartners best;
    LeastCounts least;
  };
  const Octaves octaves(scoring.frequency);
  std::vector<Scratch> scratch;
  for (int thread = 0; thread < run.threads(); ++thread) {
    scratch.push_back({PairCounts(columns), BestPartners(static_cast<std::size_t>(k)), LeastCounts(scoring, octaves)});
  }
  std::vector<std::vector<Partner>> found(terms.size());
  std::atomic<std::int64_t> done{0};
  const Blocks blocks{static_cast<std::int64_t>(terms.size()), chunk_terms};
  with_score(scoring, [&](const auto& score) {
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
      PairCounts& sums = scratch[thread].sums;  // no structured binding: clang before 16 captures none
      BestPartners& best = scratch[thread].best;
      LeastCounts& least = scratch[thread].least;
      for (std::int64_t r = blocks.begin(block); r < blocks.end(block); ++r) {
        if (run.stopped()) return;
        const std::int32_t term = terms[r];
        pair_rows.count(term, sums);
        best.clear();
        sums.visit([&](auto& counts) {
          counts[term] = 0;
          least.start(term, min_count);
          take_partners(run.simd(), sums, counts, least, [&](std::uint32_t id, std::int32_t count) {
            if (best.show({score(count, term, id), count, static_cast<std::int32_t>(id)})) least.raise(best.bar());
          });
        });
        found[r] = best.sorted();
        run.take(16.0 * static_cast<double>(found[r].size()));
        run.count(Work::updates, pair_rows.work_before(term + 1) - pair_rows.work_before(term));
      }
      run.report(done += blocks.end(block) - blocks.begin(block), static_cast<std::int64_t>(terms.size()));
    });
  });

  TopPairs top;
  top.offsets.push_back(0);
  for (const auto& partners : found) {
    for (const Partner& partner : partners) {
      top.partners.push_back(partner.term);
      top.counts.push_back(partner.count);
      top.scores.push_back(partner.score);
    }
    if (top.partners.size() > 0x7fffffff) throw OverLimit{"There are more than 2^31 - 1 partners; ask for a smaller k."};
    top.offsets.push_back(static_cast<std::int32_t>(top.partners.size()));
  }
  return top;
}

void associate(Execution& run, const CsrView<std::int32_t, std::int32_t>& pairs, const Scoring& scoring, std::span<double> out) {
  const Blocks blocks{pairs.rows, 256};
  with_score(scoring, [&](const auto& score) {
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
      for (std::int64_t row = blocks.begin(block); row < blocks.end(block); ++row) {
        for (std::int64_t q = pairs.indptr[row]; q < pairs.indptr[row + 1]; ++q) {
          out[q] = pairs.values[q] == 0 ? 0.0 : score(pairs.values[q], row, pairs.indices[q]);
        }
      }
    });
  });
}

template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const std::int32_t>,
                                    std::int64_t, std::int32_t, const Scoring&);
template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, float>&, std::span<const std::int32_t>, std::int64_t,
                                    std::int32_t, const Scoring&);
template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, double>&, std::span<const std::int32_t>, std::int64_t,
                                    std::int32_t, const Scoring&);

}  // namespace corpuscle
