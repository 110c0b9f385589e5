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
      : Job(args.options(3)), handle_(args.handle<TermCounterHandle>(0)), texts_(args.text(1)), tokens_(!args.is_null(2)) {
    if (tokens_) lengths_ = args.array<std::int32_t>(2);
  }

  void compute(Execution& run) override {
    if (!tokens_) return handle_->counter.add(run, texts_.view());
    std::int64_t total = 0;
    for (const std::int32_t length : lengths_) total = length < 0 ? -1 : total + length;
    if (total != texts_.view().count()) throw InvalidMatrix{"lengths must add up to the number of tokens."};
    handle_->counter.add_tokens(run, texts_.view(), lengths_);
  }

 private:
  std::shared_ptr<TermCounterHandle> handle_;
  TextCopy texts_;
  bool tokens_;
  LargeVector<std::int32_t> lengths_;
};

class StatisticsJob : public Job {
 public:
  explicit StatisticsJob(const Args& args)
      : Job(args.options(2)), handle_(args.handle<TermCounterHandle>(0)), with_totals_(args.boolean(1)) {}

  void compute(Execution& run) override {
    require_whole(handle_->counter);
    if (handle_->counter.fixed()) throw InvalidMatrix{"The terms of a given vocabulary have no statistics."};
    terms_ = handle_->counter.statistics(run, with_totals_);
    const auto count = static_cast<std::int64_t>(terms_.document_frequency.size());
    declare<char>("bytes", static_cast<std::int64_t>(terms_.bytes.size()));
    declare<double>("offsets", count + 1);
    declare<std::int32_t>("documentFrequency", count);
    declare<double>("totals", static_cast<std::int64_t>(terms_.totals.size()));
  }

  bool delivers_copies() const override { return true; }
  void deliver(Execution& run) override {
    copy(run, terms_.bytes, out<char>("bytes"));
    copy(run, terms_.offsets, out<double>("offsets"));
    copy(run, terms_.document_frequency, out<std::int32_t>("documentFrequency"));
    copy(run, terms_.totals, out<double>("totals"));
    terms_ = {};
  }

  static void require_whole(const TermCounter& counter) {
    if (!counter.whole()) throw InvalidMatrix{"Documents were added in vain, so there are no counts."};
  }

 private:
  /// On all threads: of runs of words there are millions.
  template <class From, class To>
  static void copy(Execution& run, const LargeVector<From>& from, std::span<To> to) {
    const Blocks blocks{static_cast<std::int64_t>(from.size()), 1 << 17};
    parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
      std::copy(from.begin() + blocks.begin(block), from.begin() + blocks.end(block), to.begin() + blocks.begin(block));
    });
  }

  std::shared_ptr<TermCounterHandle> handle_;
  bool with_totals_;
  TermStatistics terms_;
};

/// What two ways of counting hand over: indptr, in 64 bits where there are more entries than 32 bits count, indices and values.
class CountsJob : public Job {
 public:
  bool delivers_copies() const override { return true; }

 protected:
  CountsJob(const Args& args, JobOptions options) : Job(std::move(options)), handle_(args.handle<TermCounterHandle>(0)) {}

  template <class Value>
  void declare_counts() {
    if (is_wide()) {
      declare<double>("indptr", counts_.rows + 1);
    } else {
      declare<std::int32_t>("indptr", counts_.rows + 1);
    }
    declare<std::int32_t>("indices", counts_.nnz);
    declare<Value>("values", counts_.nnz);
  }

  /// Calls write_to(indptr), and lets go of the counts.
  template <class Write>
  void write(const Write& write_to) {
    if (is_wide()) {
      write_to(out<double>("indptr"));
    } else {
      write_to(out<std::int32_t>("indptr"));
    }
    counts_ = {};
  }

  std::shared_ptr<TermCounterHandle> handle_;
  TermCounts counts_;

 private:
  bool is_wide() const { return counts_.nnz > 2147483647; }
};

class CountJob : public CountsJob {
 public:
  explicit CountJob(const Args& args)
      : CountsJob(args, args.options(4)), columns_(args.array<std::int32_t>(1)),
        n_columns_(args.integer(2, 0, 2147483647)), binary_(args.boolean(3)) {}

  void compute(Execution& run) override {
    StatisticsJob::require_whole(handle_->counter);
    if (!handle_->counter.numbered()) throw InvalidMatrix{"The terms have no numbers yet; ask for their statistics first."};
    if (handle_->counter.keeps_places()) throw InvalidMatrix{"A counter that keeps places gives token ids, but no counts."};
    const auto terms = static_cast<std::size_t>(handle_->counter.terms());
    if (columns_.size() != terms) throw InvalidMatrix{"There must be a column for each term that has a number."};
    for (const std::int32_t column : columns_) {
      if (column < -1 || column >= n_columns_) throw InvalidMatrix{"columns must be from -1 to below their number."};
    }
    counts_ = handle_->counter.count(run, {columns_, n_columns_, binary_});
    declare_counts<std::int32_t>();
  }

  void deliver(Execution& run) override {
    write([&](auto indptr) { counts_.write(run, indptr, out<std::int32_t>("indices"), out<std::int32_t>("values")); });
  }

 private:
  LargeVector<std::int32_t> columns_;
  std::int64_t n_columns_;
  bool binary_;
};

class CountHashedJob : public CountsJob {
 public:
  explicit CountHashedJob(const Args& args)
      : CountsJob(args, args.options(5)), hashing_{args.integer(1, 1, 2147483647), args.boolean(2), args.boolean(3)},
        norm_(args.choice<Norm>(4, {{"none", Norm::none}, {"l1", Norm::l1}, {"l2", Norm::l2}})) {}

  void compute(Execution& run) override {
    const TermCounter& counter = handle_->counter;
    StatisticsJob::require_whole(counter);
    if (counter.fixed() || counter.keeps_places()) throw InvalidMatrix{"A given vocabulary, or places that are kept, are not counted by hashes."};
    counts_ = counter.count_hashed(run, hashing_);
    declare_counts<double>();
  }

  void deliver(Execution& run) override {
    write([&](auto indptr) { counts_.write_scaled(run, norm_, indptr, out<std::int32_t>("indices"), out<double>("values")); });
  }

 private:
  Hashing hashing_;
  Norm norm_;
};

class TokenIdsJob : public Job {
 public:
  explicit TokenIdsJob(const Args& args)
      : Job(args.options(2)), handle_(args.handle<TermCounterHandle>(0)), columns_(args.array<std::int32_t>(1)) {}

  void compute(Execution&) override {
    check();
    documents_ = handle_->counter.documents();
    tokens_ = handle_->counter.tokens();
    declare<double>("offsets", documents_ + 1);
    declare<std::int32_t>("ids", tokens_);
  }
  void deliver(Execution& run) override {
    check();  // another job may have come between
    if (handle_->counter.documents() != documents_ || handle_->counter.tokens() != tokens_) {
      throw InvalidMatrix{"Documents were added while token ids were written."};
    }
    handle_->counter.write_tokens(run, columns_, out<double>("offsets"), out<std::int32_t>("ids"));
  }

 private:
  void check() const {
    const TermCounter& counter = handle_->counter;
    StatisticsJob::require_whole(counter);
    if (!counter.keeps_places()) throw InvalidMatrix{"A counter that keeps no places gives counts, but no token ids."};
    if (!counter.numbered()) throw InvalidMatrix{"The terms have no numbers yet; ask for their statistics first."};
    if (columns_.size() != static_cast<std::size_t>(counter.terms())) {
      throw InvalidMatrix{"There must be a column for each term that has a number."};
    }
  }

  std::shared_ptr<TermCounterHandle> handle_;
  LargeVector<std::int32_t> columns_;
  std::int64_t documents_ = 0, tokens_ = 0;
};

Analysis analysis_of(const Args& args, std::size_t first) {
  Analysis analysis;
  analysis.normalization.lowercase = args.boolean(first);
  analysis.normalization.accents = args.choice<Accents>(
      first + 1, {{"none", Accents::keep}, {"unicode", Accents::strip}, {"ascii", Accents::strip_to_ascii}});
  analysis.unit = args.choice<Unit>(first + 2, {{"word", Unit::word},
                                                {"char", Unit::character},
                                                {"charWb", Unit::character_in_word},
                                                {"tokens", Unit::token}});
  analysis.min_n = static_cast<std::uint32_t>(args.integer(first + 3, 1, 65535));
  analysis.max_n = static_cast<std::uint32_t>(args.integer(first + 4, analysis.min_n, 65535));
  return analysis;
}

}  // namespace

/// createTermCounter(lowercase, stripAccents, analyzer, minN, maxN, stopWords, vocabulary | null, keepsPlaces): handle
Napi::Value create_term_counter(const Napi::CallbackInfo& info) {
  const Args args(info);
  const TextCopy stop_words = args.text(5);
  const auto vocabulary = args.is_null(6) ? TextCopy{} : args.text(6);
  const auto given = args.is_null(6) ? std::nullopt : std::optional(vocabulary.view());
  return Args::wrap(info.Env(), std::make_shared<TermCounterHandle>(TermCounterHandle{
                                    TermCounter(analysis_of(args, 0), stop_words.view(), given, args.boolean(7))}));
}

/// termCounterAdd(handle, strings | { bytes, offsets }, lengths | null, options): {}
Napi::Value start_term_counter_add(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<AddJob>(Args(info)));
}

/// termCounterStatistics(handle, withTotals, options): { bytes, offsets, documentFrequency, totals }
Napi::Value start_term_counter_statistics(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<StatisticsJob>(Args(info)));
}

/// termCounterCount(handle, columns, nColumns, binary, options): { indptr, indices, values }
Napi::Value start_term_counter_count(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<CountJob>(Args(info)));
}

/// termCounterCountHashed(handle, features, alternateSign, binary, norm, options): { indptr, indices, values }
Napi::Value start_term_counter_count_hashed(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<CountHashedJob>(Args(info)));
}

/// termCounterTokenIds(handle, columns, options): { offsets, ids }
Napi::Value start_term_counter_token_ids(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<TokenIdsJob>(Args(info)));
}

void dispose_term_counter(const Napi::CallbackInfo& info) { Args::dispose<TermCounterHandle>(info); }

}  // namespace corpuscle
