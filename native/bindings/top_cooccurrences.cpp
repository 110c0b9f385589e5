#include "../kernels/tfidf.hpp"
#include "../kernels/top_cooccurrences.hpp"

#include "addon.hpp"
#include "args.hpp"
#include "matrix_handles.hpp"
#include "scoring.hpp"

namespace corpuscle {
namespace {

class TopCooccurrencesJob : public Job {
 public:
  explicit TopCooccurrencesJob(const Args& args)
      : Job(args.options(11)), handle_(args.handle<CountsHandle>(0)), terms_(args.array<std::int32_t>(1)), k_(args.integer(2, 1, 2147483647)),
        min_count_(static_cast<std::int32_t>(args.integer(3, 1, 2147483647))), scoring_(args, 4) {}

  void compute(Execution& run) override {
    handle_->check(run);
    handle_->require_indices();
    handle_->matrix.visit([&](const auto& counts) {
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

}  // namespace

/// countsTopCooccurrences(handle, terms, k, minCount, score, documents, frequency, logs, rowTerms, columnTerms, constant, options):
/// { offsets, partners, counts, scores }
Napi::Value start_counts_top_cooccurrences(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<TopCooccurrencesJob>(Args(info)));
}

}  // namespace corpuscle
