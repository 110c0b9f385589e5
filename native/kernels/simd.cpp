#include "simd.hpp"

#include <array>

namespace corpuscle {

std::span<const Simd> simd_levels() {
  static constexpr std::array all{Simd::baseline, Simd::avx2, Simd::avx512};
  static const std::size_t count = [] {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2")) return 1;
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2") ? 3 : 2;
#else
    return 1;
#endif
  }();
  return std::span(all).first(count);
}

std::string_view name_of(Simd level) {
  constexpr std::array<std::string_view, 3> names{"baseline", "avx2", "avx512"};
  return names[static_cast<std::size_t>(level)];
}

std::optional<Simd> simd_named(std::string_view name) {
  for (const Simd level : simd_levels()) {
    if (name_of(level) == name) return level;
  }
  return std::nullopt;
}

}  // namespace corpuscle
