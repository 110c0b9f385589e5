#include "../kernels/probes.hpp"

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {
namespace {

class ProbeJob : public Job {
 public:
  explicit ProbeJob(const Args& args)
      : Job(args.options(4)),
        kind_(args.string(0)),
        request_{args.number(3), args.integer(1, 64, std::int64_t{1} << 36), args.integer(2, 1, 1 << 20)} {}

  void compute(Execution& run) override {
    if (request_.row_bytes % 64 != 0) throw OverLimit{"A probe's rows must be a multiple of 64 bytes long."};
    if (!(request_.seconds >= 0 && request_.seconds <= 60)) throw OverLimit{"A probe takes from 0 to 60 seconds."};
    for (const Probe& probe : probes()) {
      if (kind_ == probe.name) return number("rate", probe.rate(run, request_));
    }
    throw OverLimit{"There is no probe of the name " + kind_ + "."};
  }

 private:
  std::string kind_;
  ProbeRequest request_;
};

}  // namespace

/// probe(kind, tableBytes, rowBytes, seconds, options): { rate }
Napi::Value start_probe(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<ProbeJob>(Args(info)));
}

}  // namespace corpuscle
