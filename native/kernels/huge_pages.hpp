// Memory for large tables: on pages of 2 MB, where the system gives them, a look at a random place costs no second look at the page
// tables (measured with bigrams of 10,000 reviews: a fifth of the time), and the system hands them over five hundred times as seldom.
#pragma once

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "fresh_pages.hpp"

namespace corpuscle {

/// An allocator for standard containers; what it gives begins on a cache line. `resize` leaves the new elements as they are: who
/// resizes, writes them all.
template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t page = std::size_t{1} << 21;

  HugePages() = default;
  template <class Other>
  HugePages(const HugePages<Other>&) {}  // NOLINT: allocators convert

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* const memory = ::operator new(bytes, alignment(count));
    if (bytes >= page) advise_huge_pages(memory, bytes);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    ::operator delete(memory, alignment(count));
  }
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class Value>
  void construct(U* at, Value&& value) {
    ::new (static_cast<void*>(at)) U(std::forward<Value>(value));
  }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }

 private:
  static constexpr std::align_val_t alignment(std::size_t count) {
    return std::align_val_t{count * sizeof(T) < page ? 64 : page};
  }
};

template <class T>
using LargeVector = std::vector<T, HugePages<T>>;

}  // namespace corpuscle
