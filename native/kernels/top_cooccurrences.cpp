#include "top_cooccurrences.hpp"

#include <algorithm>
#include <array>
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

/// The smallest count with which term i can reach a score with a partner that is in `fewest` documents or more. Rounding is given room.
std::int32_t least_count(const Scoring& scoring, std::int64_t i, double bar, double fewest) {
  const double needed = bar - 1e-9 * (1 + std::abs(bar) + scoring.constant);
  double low = 1, high = scoring.frequency[i];
  while (low < high) {
    const double middle = std::floor((low + high) / 2);
    if (highest_score(scoring, middle, i, std::max(middle, fewest)) < needed) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return static_cast<std::int32_t>(low);
}

/// Takes the counts of a row out of it and calls look_at(id, count) for those that are at least `least`, which it may raise.
template <class Count, class LookAt>
void take_partners(Simd simd, const PairCounts& sums, std::vector<Count>& counts, const std::int32_t& least, const LookAt& look_at) {
  if (sums.sparse) {
    for (const std::uint32_t id : sums.met) {
      const auto count = static_cast<std::int32_t>(std::exchange(counts[id], Count{0}));
      if (count >= least) look_at(id, count);
    }
    return;
  }
  std::array<std::uint32_t, taken_cells + taken_slack> ids;
  std::array<Count, taken_cells + taken_slack> taken;
  const Blocks cells{static_cast<std::int64_t>(counts.size()) - 1, taken_cells};
  for (std::int64_t b = 0; b < cells.count(); ++b) {
    const auto first = static_cast<std::size_t>(cells.begin(b)), length = static_cast<std::size_t>(cells.end(b)) - first;
    const auto bar = static_cast<Count>(std::min<std::int64_t>(least, std::numeric_limits<Count>::max()));
    const std::size_t found = take_counts(simd, counts.data() + first, first, length, bar, ids.data(), taken.data());
    for (std::size_t at = 0; at < found; ++at) {
      const auto count = static_cast<std::int32_t>(taken[at]);
      if (count >= least) look_at(ids[at], count);
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
  };
  std::vector<Scratch> scratch;
  for (int thread = 0; thread < run.threads(); ++thread) scratch.push_back({PairCounts(columns), BestPartners(static_cast<std::size_t>(k))});
  double fewest = scoring.documents;
  for (const std::int32_t f : scoring.frequency) fewest = f > 0 ? std::min<double>(fewest, f) : fewest;
  std::vector<std::vector<Partner>> found(terms.size());
  std::atomic<std::int64_t> done{0};
  const Blocks blocks{static_cast<std::int64_t>(terms.size()), chunk_terms};
  with_score(scoring, [&](const auto& score) {
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
      PairCounts& sums = scratch[thread].sums;  // no structured binding: clang before 16 captures none
      BestPartners& best = scratch[thread].best;
      for (std::int64_t r = blocks.begin(block); r < blocks.end(block); ++r) {
        if (run.stopped()) return;
        const std::int32_t term = terms[r];
        pair_rows.count(term, sums);
        best.clear();
        sums.visit([&](auto& counts) {
          counts[term] = 0;
          std::int32_t least = min_count;
          take_partners(run.simd(), sums, counts, least, [&](std::uint32_t id, std::int32_t count) {
            if (best.show({score(count, term, id), count, static_cast<std::int32_t>(id)})) {
              least = std::max(least, least_count(scoring, term, best.bar(), fewest));
            }
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
