#include "top_cooccurrences.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "best_partners.hpp"
#include "pair_rows.hpp"
#include "take_counts.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_terms = 16;
constexpr std::size_t taken_cells = 1024;   // of a row, with the same bar
constexpr double class_ratio = 0.85;        // between the least and the most frequent of a class, about
constexpr std::size_t smallest_class = 64;  // cells, of which looking up what they must reach would take longer than scoring them

/// Cells whose terms are in about as many rows: no fewer than `fewest`, no more than `most`.
struct FrequencyClass {
  std::size_t first, end;
  std::int32_t fewest, most;
};

/// The terms from the rarest to the most frequent: each is counted in the cell that is its place among them. In this order the best come
/// early: of the counts of the reviews, a sixth fewer are scored than from the most frequent on.
class FrequencyOrder {
 public:
  explicit FrequencyOrder(std::span<const std::int32_t> frequency)
      : cells_(frequency.size() + 1), terms_(frequency.size()) {
    std::int32_t highest = 0;
    for (const std::int32_t f : frequency) highest = std::max(highest, f);
    std::vector<std::uint32_t> next(static_cast<std::size_t>(highest) + 2);
    for (const std::int32_t f : frequency) ++next[f + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    for (std::size_t term = 0; term < frequency.size(); ++term) {
      cells_[term] = next[frequency[term]]++;
      terms_[cells_[term]] = static_cast<std::int32_t>(term);
    }
    cells_.back() = static_cast<std::uint32_t>(frequency.size());
    for (std::size_t cell = 0; cell < terms_.size(); ++cell) {
      const std::int32_t f = frequency[terms_[cell]];
      const bool opens = classes_.empty() || (classes_.back().fewest < class_ratio * f && cell - classes_.back().first >= smallest_class);
      if (opens) classes_.push_back({cell, cell, f, f});
      classes_.back().end = cell + 1;
      classes_.back().most = f;
    }
  }

  /// The cell of each term, and one of the padding.
  std::span<const std::uint32_t> cells() const { return cells_; }
  std::int32_t term_in(std::size_t cell) const { return terms_[cell]; }
  std::span<const FrequencyClass> classes() const { return classes_; }

 private:
  std::vector<std::uint32_t> cells_;
  std::vector<std::int32_t> terms_;
  std::vector<FrequencyClass> classes_;
};

/// The counts with which partners of one term can be among its best: the more frequent a partner is, the higher its count must be.
class LeastCount {
 public:
  explicit LeastCount(const Scoring& scoring) : scoring_(scoring) {}

  void start(std::int64_t term, std::int32_t min_count) {
    term_ = term;
    min_count_ = min_count;
    least_ = min_count;
  }

  /// The least count of a partner of a class that is to reach a score; more than such a partner can have, where none does.
  std::int32_t of(const FrequencyClass& partners, double bar) {
    if (bar == -INFINITY) return min_count_;
    const double needed = bar - 1e-9 * (1 + std::abs(bar) + scoring_.constant);  // rounding is given room
    const double most = std::min(partners.most, scoring_.frequency[term_]);
    const auto reaches = [&](double count) {
      return count > most || highest_score(scoring_, count, term_, std::max<double>(count, partners.fewest)) >= needed;
    };
    double low = min_count_ - 1.0, high = most + 1, step = 1;  // `high` reaches it, `low` does not or is not asked for
    double at = std::min<double>(least_, high);                // from one class to the next it is a few more or less
    if (reaches(at)) {
      for (high = at; high - step > low && reaches(high - step); step *= 2) high -= step;
      low = std::max(low, high - step);
    } else {
      for (low = at; low + step < high && !reaches(low + step); step *= 2) low += step;
      high = std::min(high, low + step);
    }
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (reaches(middle) ? high : low) = middle;
    }
    return least_ = static_cast<std::int32_t>(high);
  }

 private:
  const Scoring& scoring_;
  std::int64_t term_ = 0;
  std::int32_t min_count_ = 1, least_ = 1;
};

/// Takes the counts of a row out of it, and calls look_at(cell, count) for those that reach least_of(class), which may change meanwhile.
template <class Count, class LeastOf, class LookAt>
void take_partners(Simd simd, const PairCounts& sums, std::vector<Count>& counts, std::span<const FrequencyClass> classes,
                   const LeastOf& least_of, const LookAt& look_at) {
  std::array<std::uint32_t, taken_cells + taken_slack> cells;
  std::array<Count, taken_cells + taken_slack> taken;
  auto met = sums.met.begin();
  for (const FrequencyClass& of : classes) {
    if (sums.sparse) {
      if (met == sums.met.end()) return;
      if (*met >= of.end) continue;
      const std::int32_t least = least_of(of);
      for (; met != sums.met.end() && *met < of.end; ++met) {
        const auto count = static_cast<std::int32_t>(std::exchange(counts[*met], Count{0}));
        if (count >= least) look_at(*met, count);
      }
      continue;
    }
    for (std::size_t first = of.first; first < of.end; first += taken_cells) {
      const std::size_t length = std::min(taken_cells, of.end - first);
      const auto least = static_cast<std::int64_t>(least_of(of));
      const std::size_t found = take_counts(simd, counts.data() + first, first, length,
                                            static_cast<Count>(std::min<std::int64_t>(least, std::numeric_limits<Count>::max())), cells.data(), taken.data());
      for (std::size_t at = 0; at < found; ++at) look_at(cells[at], static_cast<std::int32_t>(taken[at]));
    }
  }
  counts.back() = 0;
}

/// From the first of some terms to the last.
Terms range_of(std::span<const std::int32_t> terms) {
  if (terms.empty()) return {0, 0};
  const auto [first, last] = std::minmax_element(terms.begin(), terms.end());
  return {*first, std::int64_t{*last} + 1};
}

}  // namespace

template <class Value>
TopPairs top_cooccurrences(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const std::int32_t> terms,
                           std::int64_t k, std::int32_t min_count, const Scoring& scoring) {
  const FrequencyOrder order(scoring.frequency);
  const Bits bits = static_cast<std::int64_t>(terms.size()) < rows.columns ? Bits::never : Bits::where_they_pay;
  PairRows pair_rows(run, rows, Reach::whole_row, range_of(terms), bits, order.cells());
  pair_rows.prepare(run);
  const std::int64_t columns = pair_rows.columns();
  struct Scratch {
    PairCounts sums;
    BestPartners best;
    LeastCount least;
  };
  std::vector<Scratch> scratch;
  for (int thread = 0; thread < run.threads(); ++thread) {
    scratch.push_back({PairCounts(columns), BestPartners(static_cast<std::size_t>(k)), LeastCount(scoring)});
  }
  std::vector<std::vector<Partner>> found(terms.size());
  std::atomic<std::int64_t> done{0};
  const Blocks blocks{static_cast<std::int64_t>(terms.size()), chunk_terms};
  with_score(scoring, [&](const auto& score) {
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
      PairCounts& sums = scratch[thread].sums;  // no structured binding: clang before 16 captures none
      BestPartners& best = scratch[thread].best;
      LeastCount& least = scratch[thread].least;
      for (std::int64_t r = blocks.begin(block); r < blocks.end(block); ++r) {
        if (run.stopped()) return;
        const std::int32_t term = terms[r];
        pair_rows.count(term, sums);
        best.clear();
        sums.visit([&](auto& counts) {
          counts[order.cells()[term]] = 0;
          least.start(term, min_count);
          const auto least_of = [&](const FrequencyClass& partners) { return least.of(partners, best.bar()); };
          take_partners(run.simd(), sums, counts, order.classes(), least_of, [&](std::uint32_t cell, std::int32_t count) {
            const std::int32_t id = order.term_in(cell);
            best.show({score(count, term, id), count, id});
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

template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, std::int32_t>&, std::span<const std::int32_t>,
                                    std::int64_t, std::int32_t, const Scoring&);
template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, float>&, std::span<const std::int32_t>, std::int64_t,
                                    std::int32_t, const Scoring&);
template TopPairs top_cooccurrences(Execution&, const CsrView<std::int32_t, double>&, std::span<const std::int32_t>, std::int64_t,
                                    std::int32_t, const Scoring&);

}  // namespace corpuscle
