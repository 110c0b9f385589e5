// A model that lives in a handle, and the steps of the loop over it that TypeScript runs: addon.step(handle, ..., options).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {

template <class Handle>
class StepJob : public Job {
 public:
  using Model = decltype(Handle::model);
  using Step = std::function<void(StepJob&, Execution&, Model&)>;
  StepJob(const Args& args, std::size_t options_at, Step compute, Step deliver, bool copies)
      : Job(args.options(options_at)), handle_(args.handle<Handle>(0)), compute_(std::move(compute)),
        deliver_(std::move(deliver)), copies_(copies) {}

  void compute(Execution& run) override { compute_(*this, run, handle_->model); }
  void deliver(Execution& run) override {
    if (deliver_) deliver_(*this, run, handle_->model);
  }
  bool delivers_copies() const override { return copies_; }
  Handle& handle() { return *handle_; }

  /// A declared array, for as many numbers as the model has now: another step may have come between `compute` and `deliver`.
  template <class T>
  std::span<T> out_of(const char* name, std::int64_t length) {
    const std::span<T> array = this->template out<T>(name);
    if (static_cast<std::int64_t>(array.size()) != length) throw InvalidMatrix{"The model was changed by another step meanwhile."};
    return array;
  }

 private:
  std::shared_ptr<Handle> handle_;
  Step compute_, deliver_;
  bool copies_;
};

/// `copies`: whether `deliver` only copies, so that a small result takes no second trip to the compute thread.
template <class Handle>
Napi::Value start_step(const Napi::CallbackInfo& info, std::size_t options_at, typename StepJob<Handle>::Step compute,
                       typename StepJob<Handle>::Step deliver = {}, bool copies = false) {
  return Job::start(info.Env(),
                    std::make_unique<StepJob<Handle>>(Args(info), options_at, std::move(compute), std::move(deliver), copies));
}

/// Refuses what would read or write beyond the model's arrays.
inline void require(bool holds, const char* what) {
  if (!holds) throw InvalidMatrix{what};
}

}  // namespace corpuscle
