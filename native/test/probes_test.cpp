#include "../kernels/probes.hpp"

#include "support.hpp"

namespace corpuscle::test {
namespace {

constexpr ProbeRequest request{0.001, 1 << 20, 448};

TEST(Probes, GiveAPlausibleRate) {
  for (const Probe& probe : probes()) {
    for (const int threads : {1, 3}) {
      Execution run = on(threads);
      const double rate = probe.rate(run, request);
      EXPECT_GT(rate, 1e6) << probe.name;
      EXPECT_LT(rate, 1e13) << probe.name;
    }
  }
}

TEST(Probes, StopWhenTheFlagIsRaised) {
  for (const Probe& probe : probes()) {
    std::int32_t control[2] = {1, 0};
    Execution run(2, control, 1e9);
    EXPECT_THROW(probe.rate(run, request), Stopped) << probe.name;
  }
}

TEST(Probes, StopAtTheBudget) {
  for (const Probe& probe : probes()) {
    Execution run = on(1, 1000);
    EXPECT_THROW(probe.rate(run, request), OverBudget) << probe.name;
  }
}

}  // namespace
}  // namespace corpuscle::test
