// The arguments of a score.
#pragma once

#include <cmath>

#include "../kernels/scores.hpp"
#include "args.hpp"

namespace corpuscle {

/// { score, documents, frequency, logs, rowTerms, columnTerms, constant }
struct ScoringCopy {
  Score score;
  double documents, constant;
  LargeVector<std::int32_t> frequency;
  LargeVector<double> logs, row_terms, column_terms;

  ScoringCopy(const Args& args, std::size_t first)
      : score(args.choice<Score>(first, {{"count", Score::count},
                                         {"pmi", Score::pmi},
                                         {"npmi", Score::npmi},
                                         {"ppmi", Score::ppmi},
                                         {"llr", Score::llr},
                                         {"dice", Score::dice},
                                         {"jaccard", Score::jaccard},
                                         {"chi2", Score::chi2},
                                         {"t", Score::t}})),
        documents(args.number(first + 1)), constant(args.number(first + 6)), frequency(args.array<std::int32_t>(first + 2)),
        logs(args.array<double>(first + 3)), row_terms(args.array<double>(first + 4)), column_terms(args.array<double>(first + 5)) {}

  /// Refuses what would read beyond the arrays: a count of a pair is at most the frequency of either, and no more than n.
  void check(std::int64_t columns) const {
    const auto size = static_cast<std::size_t>(columns);
    bool valid = documents >= 0 && documents <= 2147483647.0 && documents == std::floor(documents) && frequency.size() == size &&
                 row_terms.size() == size && column_terms.size() == size &&
                 logs.size() == (takes_logs(score) ? static_cast<std::size_t>(documents) + 1 : 0);
    for (std::size_t i = 0; valid && i < size; ++i) valid = frequency[i] >= 0 && frequency[i] <= documents;
    if (!valid) throw InvalidMatrix{"The frequencies and logarithms of a score must be those of its documents."};
  }
  Scoring view() const {
    return {score, documents, frequency, logs, row_terms, column_terms, constant};
  }
};

}  // namespace corpuscle
