#include "../kernels/term_counter.hpp"

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {
namespace {

struct TermCounterHandle {
  static constexpr napi_type_tag tag{0x7d1f3a9c55e04b21, 0x9a6ce1f2047b8d33};
  TermCounter counter;
};

class AddJob : public Job {
 public:
  explicit AddJob(const Args& args)
      : Job(args.options(2)), handle_(args.handle<TermCounterHandle>(0)), documents_(args.text(1)) {}
  void compute(Execution& run) override { handle_->counter.add(run, documents_.view()); }

 private:
  std::shared_ptr<TermCounterHandle> handle_;
  TextCopy documents_;
};

class FinishJob : public Job {
 public:
  explicit FinishJob(const Args& args)
      : Job(args.options(5)), handle_(args.handle<TermCounterHandle>(0)),
        pruning_{args.number(1), args.number(2), args.integer(3, -1, 2147483647)}, binary_(args.boolean(4)) {}

  void compute(Execution& run) override {
    if (!handle_->counter.whole()) throw InvalidMatrix{"Documents were added in vain, so there are no counts."};
    counts_ = handle_->counter.finish(run, pruning_, binary_);
    number("distinctTerms", static_cast<double>(counts_.distinct_terms));
    declare<char>("vocabularyBytes", static_cast<std::int64_t>(counts_.vocabulary_bytes.size()));
    declare<double>("vocabularyOffsets", static_cast<std::int64_t>(counts_.vocabulary_offsets.size()));
    wide_ = counts_.nnz > 2147483647;
    if (wide_) {
      declare<double>("indptr", counts_.rows + 1);
    } else {
      declare<std::int32_t>("indptr", counts_.rows + 1);
    }
    declare<std::int32_t>("indices", counts_.nnz);
    declare<std::int32_t>("values", counts_.nnz);
  }

  bool delivers_copies() const override { return true; }
  void deliver(Execution& run) override {
    std::copy(counts_.vocabulary_bytes.begin(), counts_.vocabulary_bytes.end(), out<char>("vocabularyBytes").begin());
    std::copy(counts_.vocabulary_offsets.begin(), counts_.vocabulary_offsets.end(), out<double>("vocabularyOffsets").begin());
    if (wide_) {
      counts_.write(run, out<double>("indptr"), out<std::int32_t>("indices"), out<std::int32_t>("values"));
    } else {
      counts_.write(run, out<std::int32_t>("indptr"), out<std::int32_t>("indices"), out<std::int32_t>("values"));
    }
    counts_ = {};
  }

 private:
  std::shared_ptr<TermCounterHandle> handle_;
  Pruning pruning_;
  bool binary_, wide_ = false;
  TermCounts counts_;
};

}  // namespace

/// createTermCounter(lowercase, stopWords, vocabulary | null): handle
Napi::Value create_term_counter(const Napi::CallbackInfo& info) {
  const Args args(info);
  const TextCopy stop_words = args.text(1);
  const auto vocabulary = args.is_null(2) ? TextCopy{} : args.text(2);
  return Args::wrap(info.Env(), std::make_shared<TermCounterHandle>(TermCounterHandle{
                                    TermCounter(args.boolean(0), stop_words.view(),
                                                args.is_null(2) ? std::nullopt : std::optional(vocabulary.view()))}));
}

/// termCounterAdd(handle, strings | { bytes, offsets }, options): {}
Napi::Value start_term_counter_add(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<AddJob>(Args(info)));
}

/// termCounterFinish(handle, minDf, maxDf, maxFeatures | -1, binary, options):
/// { distinctTerms, vocabularyBytes, vocabularyOffsets, indptr, indices, values }
Napi::Value start_term_counter_finish(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<FinishJob>(Args(info)));
}

void dispose_term_counter(const Napi::CallbackInfo& info) { Args::dispose<TermCounterHandle>(info); }

}  // namespace corpuscle
