#pragma once

#include <cstdint>

namespace genspool::tests {

/// A loopback port of the kernel's choice for somebody who must know it before it is listened at:
/// held without listening, so that the kernel gives it to nobody who asks for any, and whoever
/// names it and allows the address to be reused can have it.
class HeldPort {
public:
    HeldPort();
    ~HeldPort();
    HeldPort(const HeldPort&) = delete;
    HeldPort& operator=(const HeldPort&) = delete;

    std::uint16_t number() const { return number_; }

private:
    int socket_;
    std::uint16_t number_ = 0;
};

}  // namespace genspool::tests
