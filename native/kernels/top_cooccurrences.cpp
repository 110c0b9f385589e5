#include "top_cooccurrences.hpp"

#include <algorithm>

#include "pair_rows.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t chunk_terms = 16;
constexpr std::size_t slack = 64;  // partners beyond k that are kept before the worst are let go

struct Partner {
  double score;
  std::int32_t count, term;

  /// Whether it comes first.
  bool operator<(const Partner& other) const {
    if (score != other.score) return score > other.score;
    return count != other.count ? count > other.count : term < other.term;
  }
};

/// Keeps the k best of those shown.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) {}

  void clear() {
    kept_.clear();
    worst_ = {-INFINITY, 0, 0};
  }
  /// Returns whether the bar was raised.
  bool show(const Partner& partner) {
    if (kept_.size() >= k_ && !(partner < worst_)) return false;
    kept_.push_back(partner);
    if (kept_.size() < 2 * k_ + slack) return false;
    cut();
    return true;
  }
  /// What a score must reach to be among the best.
  double bar() const { return worst_.score; }
  const std::vector<Partner>& sorted() {
    if (kept_.size() > k_) cut();
    std::sort(kept_.begin(), kept_.end());
    return kept_;
  }

 private:
  void cut() {
    std::nth_element(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(k_ - 1), kept_.end());
    kept_.resize(k_);
    worst_ = kept_[k_ - 1];
  }

  std::size_t k_;
  std::vector<Partner> kept_;
  Partner worst_{-INFINITY, 0, 0};
};

/// The smallest count with which a partner of term i can reach a log-likelihood ratio: with a given count it is highest where the
/// partner is nowhere else, and then it grows with the count. Rounding is given room.
std::int32_t least_count(const Scoring& scoring, std::int64_t i, double bar) {
  const double n = scoring.documents, f = scoring.frequency[i];
  const auto x_log_x = [&](double x) { return x * scoring.logs[static_cast<std::size_t>(x)]; };
  const auto highest = [&](double a) {
    const double margin = x_log_x(a) + x_log_x(n - a);
    return 2 * (x_log_x(a) + x_log_x(f - a) + x_log_x(n - f) - scoring.row_terms[i] - margin + scoring.constant);
  };
  const double needed = bar - 1e-6 - 1e-9 * scoring.constant;
  double low = 1, high = f;
  while (low < high) {
    const double middle = std::floor((low + high) / 2);
    if (highest(middle) < needed) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return static_cast<std::int32_t>(low);
}

}  // namespace

template <class Value>
TopPairs top_cooccurrences(Execution& run, const CsrView<std::int32_t, Value>& rows, std::span<const std::int32_t> terms,
                           std::int64_t k, std::int32_t min_count, const Scoring& scoring) {
  const PairRows pair_rows(run, rows, Reach::whole_row);
  const std::int64_t columns = pair_rows.columns();
  struct Scratch {
    PairCounts sums;
    Best best;
  };
  std::vector<Scratch> scratch;
  for (int thread = 0; thread < run.threads(); ++thread) scratch.push_back({PairCounts(columns), Best(static_cast<std::size_t>(k))});
  std::vector<std::vector<Partner>> found(terms.size());
  std::atomic<std::int64_t> done{0};
  const Blocks blocks{static_cast<std::int64_t>(terms.size()), chunk_terms};
  with_score(scoring, [&](const auto& score) {
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int thread) {
      auto& [sums, best] = scratch[thread];
      for (std::int64_t r = blocks.begin(block); r < blocks.end(block); ++r) {
        if (run.stopped()) return;
        const std::int32_t term = terms[r];
        pair_rows.count(term, sums);
        sums.counts[term] = 0;
        best.clear();
        std::int32_t least = min_count;
        const auto look_at = [&](std::int64_t id) {
          const std::int32_t count = sums.counts[id];
          if (count < least) return;
          if (best.show({score(count, term, id), count, static_cast<std::int32_t>(id)}) && scoring.score == Score::llr) {
            least = std::max(least, least_count(scoring, term, best.bar()));
          }
        };
        if (sums.sparse) {
          for (const std::uint32_t id : sums.met) look_at(id);
          for (const std::uint32_t id : sums.met) sums.counts[id] = 0;
        } else {
          for (std::int64_t id = 0; id < columns; ++id) look_at(id);
          std::fill(sums.counts.begin(), sums.counts.end(), 0);
        }
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
