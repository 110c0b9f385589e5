#include "job.hpp"

#include <algorithm>
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

#include "../kernels/fresh_pages.hpp"
#include "../kernels/term_counter.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t populated_bytes = 1 << 22;  // whose pages are asked for at once
constexpr std::size_t inline_bytes = 1 << 16;  // copies up to this size are made on the JavaScript thread

/// The process's one compute thread: first in, first out, and OpenMP's team forms here only. Started by the first job,
/// never ended: a leaked singleton has no order of destruction.
class ComputeThread {
 public:
  static ComputeThread& instance() {
    static auto* const thread = new ComputeThread;
    return *thread;
  }

  /// To be called before the first `push`; throws where the system has no thread left.
  void start() {
    const std::lock_guard lock(mutex_);
    if (started_) return;
    std::thread([this] { loop(); }).detach();
    started_ = true;
  }

  void push(const void* owner, std::function<void()> work, bool first = false) {
    const std::lock_guard lock(mutex_);
    if (first) {
      tasks_.push_front({owner, std::move(work)});
    } else {
      tasks_.push_back({owner, std::move(work)});
    }
    wake_.notify_one();
  }

  /// Takes an owner's tasks out of the queue, unstarted; returns how many.
  int withdraw(const void* owner) {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::erase_if(tasks_, [owner](const Task& task) { return task.owner == owner; }));
  }

 private:
  struct Task {
    const void* owner;
    std::function<void()> work;
  };

  void loop() {
    for (;;) {
      Task task;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !tasks_.empty(); });
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task.work();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool started_ = false;
};

/// Has the system hand out the pages of a large result before it is written.
void populate_all(Execution& run, void* memory, std::size_t bytes) {
  const Blocks blocks{static_cast<std::int64_t>(bytes), populated_bytes};
  if (blocks.n < populated_bytes) return;
  advise_huge_pages(memory, bytes);
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    populate(static_cast<std::byte*>(memory) + blocks.begin(block), static_cast<std::size_t>(blocks.end(block) - blocks.begin(block)));
  });
}

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
    ComputeThread::instance().start();
    if (pending_++ == 0) back_.Ref(env_);  // keeps the process alive while jobs are under way
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
    lock.unlock();
    const int withdrawn = ComputeThread::instance().withdraw(this);  // other environments' jobs are not waited for
    lock.lock();
    enqueued_ -= withdrawn;
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
        this,
        [this, shared] {
          bool cancelled;
          {
            const std::lock_guard lock(mutex_);
            cancelled = closing_;
          }
          (*shared)->advance(cancelled);
          const std::lock_guard lock(mutex_);
          running_controls_.erase(std::find(running_controls_.begin(), running_controls_.end(), (*shared)->options_.control));
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
    Execution run(options_.threads, options_.control, options_.max_bytes, options_.simd);
    run.check_stopped();
    if (stage_ == Stage::compute) {
      compute(run);
      double bytes = 0;
      for (const Output& output : outputs_) {
        if (output.pages == Pages::fresh) bytes += static_cast<double>(output.length) * static_cast<double>(output.item_bytes);
      }
      run.take(bytes);
      stage_ = Stage::deliver;
    } else {
      for (const Output& output : outputs_) {
        if (output.pages == Pages::fresh) populate_all(run, output.data, output.length * output.item_bytes);
      }
      deliver(run);
      stage_ = Stage::done;
    }
  } catch (const Stopped&) {
    fail("ABORTED", "The job was stopped.");
  } catch (const OverBudget& over) {
    error_needed_ = over.needed;
    error_allowed_ = over.allowed;
    fail("ERR_MEMORY_BUDGET", "The job needs more memory than it may take.");
  } catch (const OverLimit& over) {
    fail("ERR_OUT_OF_RANGE", over.what);
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
  try {
    for (Output& output : outputs_) {
      // JavaScript's own constructor throws where memory is short; napi_create_arraybuffer ends the process.
      const auto make = env.Global().Get(output.constructor).As<Napi::Function>();
      const Napi::Object array = make.New({Napi::Number::New(env, static_cast<double>(output.length))});
      if (napi_get_typedarray_info(env, array, nullptr, nullptr, &output.data, nullptr, nullptr) != napi_ok) {
        throw Napi::Error::New(env, "no typed array");
      }
      output.array = Napi::Persistent(array);
      bytes += output.length * output.item_bytes;
    }
  } catch (const Napi::Error&) {
    error_code_ = "ERR_OUT_OF_MEMORY";
    error_message_ = "JavaScript has no memory for the result.";
    stage_ = Stage::done;
    return false;
  }
  if (bytes > inline_bytes || !delivers_copies()) return true;
  options_.threads = 1;  // here is the JavaScript thread
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
  ComputeThread::instance().push(nullptr, [owner = std::move(owner)]() mutable { owner.reset(); });
}

void init_jobs(Napi::Env env) {
  pin_addon();
  auto* const state = new EnvState(env);
  env.SetInstanceData<EnvState>(state);  // deleted with the environment
  env.AddCleanupHook([](EnvState* closing) { closing->close(); }, state);
}

}  // namespace corpuscle
