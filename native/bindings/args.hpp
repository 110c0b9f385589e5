// Unpacks the arguments of a call. JavaScript is trusted with nothing here: types and lengths are checked, and what a job
// reads is copied before the call returns, so that callers may change, move or drop their arrays.
#pragma once

#include <napi.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../kernels/csr.hpp"
#include "../kernels/term_counter.hpp"
#include "../kernels/token_view.hpp"
#include "job.hpp"

namespace corpuscle {

/// A sparse matrix as it came: copied, not yet checked.
struct CsrCopy {
  std::int64_t rows = 0, columns = 0;
  bool full = false;  // each row has a value for each column, and there are no indices
  LargeVector<std::int64_t> indptr;
  LargeVector<std::int32_t> indices;
  std::variant<LargeVector<std::int32_t>, LargeVector<float>, LargeVector<double>> values;

  /// Calls use(view), once the matrix is checked; to be called on the compute thread.
  template <class Use>
  auto visit(const Use& use) const {
    return std::visit(
        [&](const auto& block) {
          using Value = std::remove_cvref_t<decltype(block[0])>;
          return use(CsrView<std::int32_t, Value>{rows, columns, indptr, indices, block});
        },
        values);
  }
  std::int64_t nnz() const {
    return visit([](const auto& matrix) { return std::ssize(matrix.values); });
  }
  void check(Execution& run) const {
    visit([&](const auto& view) { full ? check_full(view) : check_csr(run, view); });
  }
};

/// Strings as UTF-8, copied.
struct TextCopy {
  LargeVector<char> bytes;
  LargeVector<std::int64_t> offsets;
  TextView view() const { return {bytes, offsets}; }
};

/// Token streams as they came: copied, not yet checked.
struct TokenCopy {
  std::int64_t terms = 0;
  LargeVector<std::int64_t> offsets;
  LargeVector<std::int32_t> ids;
  TokenView view() const { return {terms, offsets, ids}; }
};

class Args {
 public:
  explicit Args(const Napi::CallbackInfo& info);

  /// { nRows, nColumns, indptr, indices, values }
  CsrCopy csr(std::size_t i) const;
  /// The same, without indices where `isFull` says that there need be none.
  CsrCopy csr_or_full(std::size_t i) const;
  /// { nTerms, offsets, ids }
  TokenCopy tokens(std::size_t i) const;
  /// An array of strings, or { bytes, offsets }.
  TextCopy text(std::size_t i) const;
  bool is_null(std::size_t i) const { return info_[i].IsNull() || info_[i].IsUndefined(); }
  bool boolean(std::size_t i) const;
  double number(std::size_t i) const;
  std::int64_t integer(std::size_t i, std::int64_t min, std::int64_t max) const;
  std::string string(std::size_t i) const;
  /// One of some words.
  template <class T>
  T choice(std::size_t i, std::initializer_list<std::pair<const char*, T>> choices) const {
    const std::string word = string(i);
    for (const auto& [name, value] : choices) {
      if (word == name) return value;
    }
    refuse(i, "is none of the words it may be");
  }
  template <class T>
  LargeVector<T> array(std::size_t i) const;  // std::int32_t or double
  /// { threads, maxBytes, control, simd | undefined }
  JobOptions options(std::size_t i) const;

  /// A kernel's state that JavaScript holds; `Owner` has a type tag of its own, so that nothing else passes for it.
  template <class Owner>
  std::shared_ptr<Owner> handle(std::size_t i) const {
    const Napi::Object object = this->object(i);
    bool same = false;
    void* data = nullptr;
    if (napi_check_object_type_tag(info_.Env(), object, &Owner::tag, &same) != napi_ok || !same ||
        napi_unwrap(info_.Env(), object, &data) != napi_ok) {
      refuse(i, "is not a handle of this kind");
    }
    auto owner = *static_cast<std::shared_ptr<Owner>*>(data);
    if (!owner) refuse(i, "has been disposed of");
    return owner;
  }
  template <class Owner>
  static Napi::Object wrap(Napi::Env env, std::shared_ptr<Owner> owner) {
    Napi::Object object = Napi::Object::New(env);
    auto* const data = new std::shared_ptr<Owner>(std::move(owner));
    const auto finalize = [](napi_env, void* held, void*) {
      auto* const last = static_cast<std::shared_ptr<Owner>*>(held);
      if (*last) release_later(std::move(*last));
      delete last;
    };
    napi_wrap(env, object, data, finalize, nullptr, nullptr);
    napi_type_tag_object(env, object, &Owner::tag);
    return object;
  }
  /// Lets the state go now rather than when the handle is collected.
  template <class Owner>
  static void dispose(const Napi::CallbackInfo& info) {
    const Args args(info);
    bool same = false;
    void* data = nullptr;
    const Napi::Object object = args.object(0);
    if (napi_check_object_type_tag(info.Env(), object, &Owner::tag, &same) != napi_ok || !same) return;
    if (napi_unwrap(info.Env(), object, &data) != napi_ok) return;
    auto& owner = *static_cast<std::shared_ptr<Owner>*>(data);
    if (owner) release_later(std::move(owner));
    owner.reset();
  }

 private:
  [[noreturn]] void refuse(std::size_t i, const char* why) const;
  Napi::Object object(std::size_t i) const;
  CsrCopy matrix(std::size_t i, bool full) const;

  const Napi::CallbackInfo& info_;
  int threads_;  // on which large arrays are copied
};

}  // namespace corpuscle
