#include "../kernels/tfidf.hpp"

#include "addon.hpp"
#include "args.hpp"
#include "matrix_handles.hpp"

namespace corpuscle {
namespace {

class WeighJob : public Job {
 public:
  explicit WeighJob(const Args& args)
      : Job(args.options(4)), handle_(args.handle<CountsHandle>(0)),
        norm_(args.choice<Norm>(3, {{"l1", Norm::l1}, {"l2", Norm::l2}, {"none", Norm::none}})) {
    if (!args.is_null(1)) idf_ = args.array<double>(1);
    if (!args.is_null(2)) frequencies_ = args.array<double>(2);
  }

  void compute(Execution& run) override {
    handle_->check(run);
    if (idf_.size() != 0) handle_->require_indices();
    handle_->matrix.visit([&]<class Value>(const CsrView<std::int32_t, Value>& counts) {
      if (idf_.size() != 0 && static_cast<std::int64_t>(idf_.size()) != counts.columns) {
        throw InvalidMatrix{"idf must hold one number for each column."};
      }
      for (const Value value : counts.values) {
        if (frequencies_.size() != 0 && !(value >= 0 && static_cast<double>(value) < static_cast<double>(frequencies_.size()))) {
          throw InvalidMatrix{"A count lies outside of the table of frequencies."};
        }
      }
    });
    declare<double>("values", handle_->matrix.nnz());
  }

  void deliver(Execution& run) override {
    handle_->matrix.visit([&](const auto& counts) {
      tfidf(run, counts, idf_, frequencies_, norm_, out<double>("values"));
    });
  }

 private:
  std::shared_ptr<CountsHandle> handle_;
  LargeVector<double> idf_, frequencies_;
  Norm norm_;
};

class DocumentFrequencyJob : public Job {
 public:
  explicit DocumentFrequencyJob(const Args& args) : Job(args.options(1)), handle_(args.handle<CountsHandle>(0)) {}

  void compute(Execution& run) override {
    handle_->check(run);
    handle_->require_indices();
    frequency_.assign(static_cast<std::size_t>(handle_->matrix.columns), 0);
    handle_->matrix.visit([&](const auto& counts) { document_frequency(run, counts, std::span(frequency_)); });
    declare<std::int32_t>("frequency", handle_->matrix.columns);
  }
  void deliver(Execution&) override { std::copy(frequency_.begin(), frequency_.end(), out<std::int32_t>("frequency").begin()); }
  bool delivers_copies() const override { return true; }

 private:
  std::shared_ptr<CountsHandle> handle_;
  std::vector<std::int32_t> frequency_;
};

}  // namespace

/// createCounts(counts, options): handle. The arrays are copied; the first call checks them.
Napi::Value create_counts(const Napi::CallbackInfo& info) {
  return Args::wrap(info.Env(), std::make_shared<CountsHandle>(CountsHandle{{Args(info).csr_or_full(0)}}));
}

/// countsDocumentFrequency(handle, options): { frequency }
Napi::Value start_counts_document_frequency(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<DocumentFrequencyJob>(Args(info)));
}

/// countsWeigh(handle, idf | null, frequencies | null, 'l1' | 'l2' | 'none', options): { values }
Napi::Value start_counts_weigh(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<WeighJob>(Args(info)));
}

void dispose_counts(const Napi::CallbackInfo& info) { Args::dispose<CountsHandle>(info); }

}  // namespace corpuscle
