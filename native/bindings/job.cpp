#include "job.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <new>
#include <thread>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "../kernels/term_counter.hpp"

namespace corpuscle {
namespace {

constexpr std::size_t inline_bytes = 1 << 16;  // results up to this size are written on the JavaScript thread

/// The process's one compute thread: first in, first out, and OpenMP's team forms here only. Started by the first job,
/// never ended: a leaked singleton has no order of destruction.
class ComputeThread {
 public:
  static ComputeThread& instance() {
    static auto* const thread = new ComputeThread;
    return *thread;
  }

  void push(std::function<void()> task, bool first = false) {
    const std::lock_guard lock(mutex_);
    if (!started_) {
      std::thread([this] { loop(); }).detach();
      started_ = true;
    }
    if (first) {
      tasks_.push_front(std::move(task));
    } else {
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

 private:
  void loop() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !tasks_.empty(); });
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool started_ = false;
};

void pin_addon() {
#if defined(_WIN32)
  HMODULE module;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&pin_addon), &module);
#else
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&pin_addon), &info) != 0) dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
#endif
}

}  // namespace

/// The jobs of one environment (the main thread, or a worker) and the way back to its thread.
class EnvState {
 public:
  explicit EnvState(Napi::Env env) : env_(env) {
    back_ = Back::New(env, "corpuscle", 0, 1, this);
    back_.Unref(env);
  }

  void start(std::unique_ptr<Job> job) {
    if (pending_++ == 0) back_.Ref(env_);  // keeps the process alive while jobs are under way
    job->env_state_ = this;
    enqueue(std::move(job), false);
  }

  /// On the JavaScript thread: takes what the compute thread has finished.
  void drain() {
    for (;;) {
      std::unique_ptr<Job> job;
      {
        const std::lock_guard lock(mutex_);
        if (finished_.empty()) return;
        job = std::move(finished_.front());
        finished_.pop_front();
      }
      if (job->stage_ == Job::Stage::deliver && job->allocate(env_)) {
        enqueue(std::move(job), true);
        continue;
      }
      if (--pending_ == 0) back_.Unref(env_);
      job->settle(env_);
    }
  }

  /// The environment ends: stops its jobs and waits for the one that runs; none of them may touch it afterwards.
  void close() {
    std::unique_lock lock(mutex_);
    closing_ = true;
    for (std::int32_t* const control : running_controls_) {
      if (control != nullptr) std::atomic_ref(control[0]).store(1);
    }
    idle_.wait(lock, [this] { return enqueued_ == 0; });
    finished_.clear();
    back_.Release();
  }

 private:
  static void on_back(Napi::Env env, Napi::Function, EnvState* state, void*) {
    if (env != nullptr) state->drain();
  }
  using Back = Napi::TypedThreadSafeFunction<EnvState, void, on_back>;

  void enqueue(std::unique_ptr<Job> job, bool first) {
    {
      const std::lock_guard lock(mutex_);
      ++enqueued_;
      running_controls_.push_back(job->options_.control);
    }
    auto shared = std::make_shared<std::unique_ptr<Job>>(std::move(job));
    ComputeThread::instance().push(
        [this, shared] {
          bool cancelled;
          {
            const std::lock_guard lock(mutex_);
            cancelled = closing_;
          }
          (*shared)->advance(cancelled);
          const std::lock_guard lock(mutex_);
          std::erase(running_controls_, (*shared)->options_.control);
          finished_.push_back(std::move(*shared));
          if (!closing_) back_.NonBlockingCall();
          if (--enqueued_ == 0) idle_.notify_all();
        },
        first);
  }

  Napi::Env env_;
  Back back_;
  int pending_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
  int enqueued_ = 0;
  bool closing_ = false;
  std::vector<std::int32_t*> running_controls_;
  std::deque<std::unique_ptr<Job>> finished_;
};

Napi::Value Job::start(Napi::Env env, std::unique_ptr<Job> job) {
  job->deferred_ = std::make_unique<Napi::Promise::Deferred>(env);
  const Napi::Value promise = job->deferred_->Promise();
  env.GetInstanceData<EnvState>()->start(std::move(job));
  return promise;
}

void Job::advance(bool cancelled) {
  const auto fail = [this](const char* code, std::string message) {
    error_code_ = code;
    error_message_ = std::move(message);
    stage_ = Stage::done;
  };
  try {
    if (cancelled) throw Stopped{};
    Execution run(options_.threads, options_.control, options_.max_bytes);
    run.check_stopped();
    if (stage_ == Stage::compute) {
      compute(run);
      double bytes = 0;
      for (const Output& output : outputs_) bytes += static_cast<double>(output.length * output.item_bytes);
      run.take(bytes);
      stage_ = Stage::deliver;
    } else {
      deliver(run);
      stage_ = Stage::done;
    }
  } catch (const Stopped&) {
    fail("ABORTED", "The job was stopped.");
  } catch (const OverBudget& over) {
    error_needed_ = over.needed;
    error_allowed_ = over.allowed;
    fail("ERR_MEMORY_BUDGET", "The job needs more memory than it may take.");
  } catch (const InvalidMatrix& invalid) {
    fail("ERR_INVALID_ARG_VALUE", invalid.what);
  } catch (const InvalidText& invalid) {
    fail("ERR_NOT_TEXT", "Document " + std::to_string(invalid.document) + " is not valid UTF-8.");
  } catch (const std::bad_alloc&) {
    fail("ERR_OUT_OF_MEMORY", "The system has no more memory for this job.");
  } catch (const std::exception& error) {
    fail("ERR_BACKEND_FAILED", error.what());
  }
}

/// Makes the declared arrays. Returns whether `deliver` is still to run on the compute thread.
bool Job::allocate(Napi::Env env) {
  const Napi::HandleScope scope(env);
  std::size_t bytes = 0;
  for (Output& output : outputs_) {
    void* data = nullptr;
    napi_value buffer, array;
    bytes += output.length * output.item_bytes;
    if (napi_create_arraybuffer(env, output.length * output.item_bytes, &data, &buffer) != napi_ok ||
        napi_create_typedarray(env, output.type, output.length, buffer, 0, &array) != napi_ok) {
      bool pending = false;
      napi_is_exception_pending(env, &pending);
      napi_value ignored;
      if (pending) napi_get_and_clear_last_exception(env, &ignored);
      error_code_ = "ERR_OUT_OF_MEMORY";
      error_message_ = "JavaScript could not allocate the result.";
      stage_ = Stage::done;
      return false;
    }
    output.data = data;
    output.array = Napi::Persistent(Napi::Object(env, array));
  }
  if (bytes > inline_bytes) return true;
  advance(false);
  return false;
}

void Job::settle(Napi::Env env) {
  const Napi::HandleScope scope(env);
  if (!error_code_.empty()) {
    Napi::Error error = Napi::Error::New(env, error_message_);
    error.Set("code", error_code_);
    error.Set("needed", error_needed_);
    error.Set("allowed", error_allowed_);
    deferred_->Reject(error.Value());
    return;
  }
  Napi::Object result = Napi::Object::New(env);
  for (Output& output : outputs_) result.Set(output.name, output.array.Value());
  for (const Number& number : numbers_) result.Set(number.name, number.value);
  deferred_->Resolve(result);
}

void release_later(std::shared_ptr<void> owner) {
  ComputeThread::instance().push([owner = std::move(owner)]() mutable { owner.reset(); });
}

void init_jobs(Napi::Env env) {
  pin_addon();
  auto* const state = new EnvState(env);
  env.SetInstanceData<EnvState>(state);  // deleted with the environment
  env.AddCleanupHook([](EnvState* closing) { closing->close(); }, state);
}

}  // namespace corpuscle
