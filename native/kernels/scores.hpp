// How strongly two terms are associated, from the documents that hold both. The plain backend holds the same formulas.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace corpuscle {

enum class Score { count, pmi, npmi, ppmi, llr, dice, jaccard, chi2, t };

/// Whether a score is made of logarithms.
inline bool takes_logs(Score score) {
  return score == Score::pmi || score == Score::npmi || score == Score::ppmi || score == Score::llr;
}

/// What a score is computed from. Logarithms are natural and come from outside, so that all backends have the same.
struct Scoring {
  Score score;
  double documents;                        // n
  std::span<const std::int32_t> frequency;  // documents that hold each term
  std::span<const double> logs;            // ln 0 (as 0), ln 1, ..., ln n; empty where none is taken
  std::span<const double> row_terms, column_terms;  // one number a term: what its frequency adds to the score
  double constant;                         // ppmi: what is taken off, in bits; llr: n ln n
};

/// Calls use(of), where of(count, i, j) is the score of terms i and j that `count` documents hold both of. Sums are bracketed so that
/// (j, i) has the same bits, where the row and the column add the same for a term (all scores but a smoothed ppmi).
template <class Use>
auto with_score(const Scoring& scoring, const Use& use) {
  const double n = scoring.documents;
  const auto f = [&](std::int64_t term) { return static_cast<double>(scoring.frequency[term]); };
  const auto log = [&](double whole) { return scoring.logs[static_cast<std::size_t>(whole)]; };
  const double log_n = takes_logs(scoring.score) ? log(n) : 0;
  const auto information = [&, log_n](std::int32_t count, std::int64_t i, std::int64_t j) {
    return (scoring.logs[count] + log_n) - (scoring.row_terms[i] + scoring.column_terms[j]);
  };
  constexpr double ln2 = 0.6931471805599453;
  switch (scoring.score) {
    case Score::pmi:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) { return information(count, i, j) / ln2; });
    case Score::npmi:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) {
        const double rarity = log(n) - scoring.logs[count];
        return rarity == 0 ? 1.0 : information(count, i, j) / rarity;
      });
    case Score::ppmi:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) {
        const double shifted = information(count, i, j) / ln2 - scoring.constant;
        return shifted > 0 ? shifted : 0.0;
      });
    case Score::llr:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) {
        const double a = count, b = f(i) - a, c = f(j) - a, d = n - f(i) - f(j) + a;
        const double cells = a * log(a) + d * log(d) + (b * log(b) + c * log(c));
        const double ratio = 2 * ((cells + scoring.constant) - (scoring.row_terms[i] + scoring.column_terms[j]));
        const double positive = ratio > 0 ? ratio : 0.0;  // rounding may leave less
        return a * n < f(i) * f(j) ? 0 - positive : positive;
      });
    case Score::dice:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) { return 2.0 * count / (f(i) + f(j)); });
    case Score::jaccard:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) { return count / (f(i) + f(j) - count); });
    case Score::chi2:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) {
        const double margins = f(i) * (n - f(i)) * (f(j) * (n - f(j)));
        if (margins == 0) return 0.0;
        const double excess = count * n - f(i) * f(j);  // ad - bc
        const double square = n * (excess * excess / margins);
        return excess < 0 ? 0 - square : square;
      });
    case Score::t:
      return use([&](std::int32_t count, std::int64_t i, std::int64_t j) {
        return (count - f(i) * f(j) / n) / std::sqrt(static_cast<double>(count));
      });
    default: return use([&](std::int32_t count, std::int64_t, std::int64_t) { return static_cast<double>(count); });
  }
}

/// What the score of term i is at most with a partner that shares `count` documents with it and is in `g` or more: none is higher than
/// with one that is in just as many as it must. Grows with the count, so that it says which counts need no look.
inline double highest_score(const Scoring& scoring, double count, std::int64_t i, double g) {
  const double n = scoring.documents, f = scoring.frequency[i], excess = count * n - f * g;
  const auto log = [&](double whole) { return scoring.logs[static_cast<std::size_t>(whole)]; };
  const auto x_log_x = [&](double x) { return x * log(x); };
  switch (scoring.score) {
    case Score::count: return count;
    case Score::dice: return 2 * count / (f + g);
    case Score::jaccard: return count / (f + g - count);
    case Score::t: return excess / n / std::sqrt(count);
    case Score::chi2: return excess <= 0 ? 0.0 : excess / (f * (n - f)) * (excess / (g * (n - g))) * n;
    case Score::llr: {
      if (excess <= 0) return 0;
      const double cells = x_log_x(count) + x_log_x(f - count) + x_log_x(g - count) + x_log_x(n - f - g + count);
      const double margins = scoring.row_terms[i] + x_log_x(g) + x_log_x(n - g);
      return 2 * (cells - margins + scoring.constant);
    }
    case Score::pmi: return (log(count) - log(f) - log(g) + log(n)) / 0.6931471805599453;
    case Score::npmi:
      if (count == n) return 1;
      return excess <= 0 ? 0.0 : (log(count) - log(f) - log(g) + log(n)) / (log(n) - log(count));
    default: return INFINITY;
  }
}

}  // namespace corpuscle
