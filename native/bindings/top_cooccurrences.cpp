#include "../kernels/tfidf.hpp"
#include "../kernels/top_cooccurrences.hpp"

#include "addon.hpp"
#include "args.hpp"
#include "counts.hpp"

namespace corpuscle {
namespace {

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
  /// Refuses pairs that no documents could give.
  void check_pair(std::int32_t count, std::int64_t i, std::int64_t j) const {
    const std::int64_t a = count, f = frequency[i], g = frequency[j];
    if (a == 0) return;
    if (a < 0 || a > f || a > g || f + g - a > static_cast<std::int64_t>(documents)) {
      throw InvalidMatrix{"Terms " + std::to_string(i) + " and " + std::to_string(j) + " cannot share " + std::to_string(a) +
                          " documents, with " + std::to_string(f) + " and " + std::to_string(g) + " of their own."};
    }
  }
  Scoring view() const {
    return {score, documents, frequency, logs, row_terms, column_terms, constant};
  }
};

class TopCooccurrencesJob : public Job {
 public:
  explicit TopCooccurrencesJob(const Args& args)
      : Job(args.options(11)), handle_(args.handle<CountsHandle>(0)), terms_(args.array<std::int32_t>(1)), k_(args.integer(2, 1, 2147483647)),
        min_count_(static_cast<std::int32_t>(args.integer(3, 1, 2147483647))), scoring_(args, 4) {}

  void compute(Execution& run) override {
    handle_->check(run);
    handle_->counts.visit([&](const auto& counts) {
      scoring_.check(counts.columns);
      for (const std::int32_t term : terms_) {
        if (term < 0 || term >= counts.columns) throw InvalidMatrix{"terms must be columns of the matrix."};
      }
      std::vector<std::int32_t> frequency(static_cast<std::size_t>(counts.columns), 0);
      document_frequency(run, counts, std::span(frequency));
      if (counts.rows > static_cast<std::int64_t>(scoring_.documents) ||
          !std::equal(frequency.begin(), frequency.end(), scoring_.frequency.begin())) {
        throw InvalidMatrix{"The frequencies of a score must be those of the matrix."};
      }
      top_ = top_cooccurrences(run, counts, terms_, k_, min_count_, scoring_.view());
    });
    const auto count = static_cast<std::int64_t>(top_.partners.size());
    declare<std::int32_t>("offsets", static_cast<std::int64_t>(top_.offsets.size()));
    declare<std::int32_t>("partners", count);
    declare<std::int32_t>("counts", count);
    declare<double>("scores", count);
  }

  bool delivers_copies() const override { return true; }
  void deliver(Execution&) override {
    std::copy(top_.offsets.begin(), top_.offsets.end(), out<std::int32_t>("offsets").begin());
    std::copy(top_.partners.begin(), top_.partners.end(), out<std::int32_t>("partners").begin());
    std::copy(top_.counts.begin(), top_.counts.end(), out<std::int32_t>("counts").begin());
    std::copy(top_.scores.begin(), top_.scores.end(), out<double>("scores").begin());
    top_ = {};
  }

 private:
  std::shared_ptr<CountsHandle> handle_;
  LargeVector<std::int32_t> terms_;
  std::int64_t k_;
  std::int32_t min_count_;
  ScoringCopy scoring_;
  TopPairs top_;
};

class AssociateJob : public Job {
 public:
  explicit AssociateJob(const Args& args) : Job(args.options(8)), pairs_(args.csr(0)), scoring_(args, 1) {}

  void compute(Execution& run) override {
    pairs_.check(run);
    if (pairs_.rows != pairs_.columns) throw InvalidMatrix{"Pairs must have as many rows as columns."};
    scoring_.check(pairs_.columns);
    const auto& pairs = view();
    for (std::int64_t row = 0; row < pairs.rows; ++row) {
      for (std::int64_t q = pairs.indptr[row]; q < pairs.indptr[row + 1]; ++q) {
        scoring_.check_pair(pairs.values[q], row, pairs.indices[q]);
      }
    }
    declare<double>("scores", pairs_.nnz());
  }
  void deliver(Execution& run) override {
    associate(run, view(), scoring_.view(), out<double>("scores"));
    pairs_ = {};
  }

 private:
  CsrView<std::int32_t, std::int32_t> view() const {
    const auto* const values = std::get_if<LargeVector<std::int32_t>>(&pairs_.values);
    if (values == nullptr) throw InvalidMatrix{"The counts of pairs must be an Int32Array."};
    return {pairs_.rows, pairs_.columns, pairs_.indptr, pairs_.indices, *values};
  }

  CsrCopy pairs_;
  ScoringCopy scoring_;
};

}  // namespace

/// countsTopCooccurrences(handle, terms, k, minCount, score, documents, frequency, logs, rowTerms, columnTerms, constant, options):
/// { offsets, partners, counts, scores }
Napi::Value start_counts_top_cooccurrences(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<TopCooccurrencesJob>(Args(info)));
}

/// associate(pairs, score, documents, frequency, logs, rowTerms, columnTerms, constant, options): { scores }
Napi::Value start_associate(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<AssociateJob>(Args(info)));
}

}  // namespace corpuscle
