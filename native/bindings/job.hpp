// Work off the JavaScript thread: one process-wide compute thread, a queue, and jobs that own all the memory they read.
#pragma once

#include <napi.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "../kernels/csr.hpp"
#include "../kernels/parallel.hpp"

namespace corpuscle {

/// What every call carries: how many threads, how much memory, which instructions, and where it is told to stop.
struct JobOptions {
  int threads = 1;
  double max_bytes = 0;
  Simd simd = best_simd();
  std::int32_t* control = nullptr;      // two integers of a SharedArrayBuffer, which nobody can detach
  Napi::ObjectReference control_owner;  // keeps them alive
};

/// Where the pages of a result come from: the system hands them out, or the kernel moves there those that it has taken and written.
enum class Pages { fresh, moved };

class EnvState;

/// A call under way. `compute` runs on the compute thread and says by `declare` which arrays the result has; these are
/// then allocated on the JavaScript thread and written by `deliver`, again on the compute thread. So results go straight into JavaScript's memory, and the event loop copies nothing large.
class Job {
 public:
  explicit Job(JobOptions options) : options_(std::move(options)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  virtual void compute(Execution& run) = 0;
  virtual void deliver(Execution&) {}
  /// Whether `deliver` only copies what `compute` has computed; then small results are written on the JavaScript thread.
  virtual bool delivers_copies() const { return false; }

  /// Hands the job to the compute thread and returns its promise.
  static Napi::Value start(Napi::Env env, std::unique_ptr<Job> job);

  /// To be called in `compute`: the result has this array, or this number.
  template <class T>
  void declare(const char* name, std::int64_t length, Pages pages = Pages::fresh) {
    static_assert(std::is_same_v<T, std::int32_t> || std::is_same_v<T, double> || std::is_same_v<T, char>);
    constexpr const char* constructor = std::is_same_v<T, std::int32_t> ? "Int32Array"
                                        : std::is_same_v<T, double>     ? "Float64Array"
                                                                        : "Uint8Array";
    outputs_.push_back({name, constructor, static_cast<std::size_t>(length), sizeof(T), pages, nullptr, {}});
  }
  /// A declared array; to be called in `deliver`.
  template <class T>
  std::span<T> out(const char* name) {
    for (Output& output : outputs_) {
      if (std::strcmp(output.name, name) == 0) return {static_cast<T*>(output.data), output.length};
    }
    return {};
  }
  void number(const char* name, double value) { numbers_.push_back({name, value}); }

 private:
  friend class EnvState;
  struct Output {
    const char* name;
    const char* constructor;
    std::size_t length, item_bytes;
    Pages pages;
    void* data;
    Napi::ObjectReference array;
  };
  struct Number {
    const char* name;
    double value;
  };
  enum class Stage { compute, deliver, done };

  void advance(bool cancelled);       // on the compute thread: one stage, errors caught
  bool allocate(Napi::Env env);       // on the JavaScript thread; false if that failed
  void settle(Napi::Env env);

  JobOptions options_;
  Stage stage_ = Stage::compute;
  std::vector<Output> outputs_;
  std::vector<Number> numbers_;
  std::string error_code_, error_message_;
  double error_needed_ = 0, error_allowed_ = 0;
  std::unique_ptr<Napi::Promise::Deferred> deferred_;
};

/// Lets an owner go on the compute thread: freeing gigabytes takes time, too.
void release_later(std::shared_ptr<void> owner);

/// Creates the state of this environment; pins the addon in memory, so that worker threads may come and go.
void init_jobs(Napi::Env env);

}  // namespace corpuscle
