#include "../kernels/tfidf.hpp"

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {
namespace {

class TfidfJob : public Job {
 public:
  TfidfJob(const Args& args, Norm norm)
      : Job(args.options(4)), counts_(args.csr(0)), norm_(norm) {
    if (!args.is_null(1)) idf_ = args.array<double>(1);
    if (!args.is_null(2)) frequencies_ = args.array<double>(2);
  }

  void compute(Execution& run) override {
    counts_.check(run);
    counts_.visit([&]<class Value>(const CsrView<std::int32_t, Value>& counts) {
      if (idf_.size != 0 && static_cast<std::int64_t>(idf_.size) != counts.columns) {
        throw InvalidMatrix{"idf must hold one number for each column."};
      }
      for (const Value value : counts.values) {
        if (frequencies_.size != 0 && !(value >= 0 && static_cast<double>(value) < static_cast<double>(frequencies_.size))) {
          throw InvalidMatrix{"A count lies outside of the table of frequencies."};
        }
      }
    });
    declare<double>("values", counts_.nnz());
  }

  void deliver(Execution& run) override {
    counts_.visit([&](const auto& counts) {
      tfidf(run, counts, idf_.span(), frequencies_.span(), norm_, out<double>("values"));
    });
    counts_ = {};
  }

 private:
  CsrCopy counts_;
  Block<double> idf_, frequencies_;
  Norm norm_;
};

class DocumentFrequencyJob : public Job {
 public:
  explicit DocumentFrequencyJob(const Args& args) : Job(args.options(1)), counts_(args.csr(0)) {}

  void compute(Execution& run) override {
    counts_.check(run);
    frequency_.assign(static_cast<std::size_t>(counts_.columns), 0);
    counts_.visit([&](const auto& counts) { document_frequency(run, counts, std::span(frequency_)); });
    declare<std::int32_t>("frequency", counts_.columns);
    counts_ = {};
  }
  void deliver(Execution&) override { std::copy(frequency_.begin(), frequency_.end(), out<std::int32_t>("frequency").begin()); }
  bool delivers_copies() const override { return true; }

 private:
  CsrCopy counts_;
  std::vector<std::int32_t> frequency_;
};

}  // namespace

/// tfidf(counts, idf | null, frequencies | null, 'l1' | 'l2' | 'none', options): { values }
Napi::Value start_tfidf(const Napi::CallbackInfo& info) {
  const Args args(info);
  const std::string norm = args.string(3);
  return Job::start(info.Env(),
                    std::make_unique<TfidfJob>(args, norm == "l1" ? Norm::l1 : norm == "l2" ? Norm::l2 : Norm::none));
}

/// documentFrequency(counts, options): { frequency }
Napi::Value start_document_frequency(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<DocumentFrequencyJob>(Args(info)));
}

}  // namespace corpuscle
