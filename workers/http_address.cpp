#include "workers/http_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace genspool::workers {

namespace ip = boost::asio::ip;

namespace {

struct Range4 {
    std::uint32_t prefix;
    unsigned bits;
};

/// The IANA special-purpose registry, less the ranges that are routed after all.
constexpr std::array ranges4 = {
    Range4{0x00000000, 8},   // 0.0.0.0: "this network"
    Range4{0x0a000000, 8},   // 10.0.0.0: private
    Range4{0x64400000, 10},  // 100.64.0.0: shared by carriers
    Range4{0x7f000000, 8},   // 127.0.0.0: loopback
    Range4{0xa9fe0000, 16},  // 169.254.0.0: link-local, metadata services
    Range4{0xac100000, 12},  // 172.16.0.0: private
    Range4{0xc0000000, 24},  // 192.0.0.0: protocol assignments
    Range4{0xc0a80000, 16},  // 192.168.0.0: private
    Range4{0xc6120000, 15},  // 198.18.0.0: benchmarks
    Range4{0xe0000000, 3},   // 224.0.0.0 and above: multicast, reserved, broadcast
};

bool is_public4(std::uint32_t address) {
    for (const Range4& range : ranges4) {
        if ((address ^ range.prefix) >> (32U - range.bits) == 0) return false;
    }
    return true;
}

std::uint32_t embedded4(const ip::address_v6::bytes_type& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24U | std::uint32_t{bytes[at + 1]} << 16U |
           std::uint32_t{bytes[at + 2]} << 8U | std::uint32_t{bytes[at + 3]};
}

/// NAT64: 64:ff9b::/96, whose last four bytes are an IPv4 address. What else begins so, as
/// 64:ff9b:1::/48 (RFC 8215), is for local use and holds no address at a place that is known.
bool is_nat64(const ip::address_v6::bytes_type& bytes) {
    constexpr std::array<std::uint8_t, 12> prefix{0x00, 0x64, 0xff, 0x9b};
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public6(const ip::address_v6& address) {
    const auto bytes = address.to_bytes();
    if (address.is_v4_mapped()) return is_public4(embedded4(bytes, 12));
    const unsigned first = unsigned{bytes[0]} << 8U | bytes[1];
    const unsigned second = unsigned{bytes[2]} << 8U | bytes[3];
    if (is_nat64(bytes)) return is_public4(embedded4(bytes, 12));
    if (first == 0x2002) return is_public4(embedded4(bytes, 2));  // 6to4
    if (first == 0x2001 && second == 0) return false;             // Teredo
    // What is global lies in 2000::/3; loopback, fc00::/7, fe80::/10 and ff00::/8 do not.
    return first >> 13U == 1;
}

}  // namespace

bool is_public_address(const ip::address& address) {
    return address.is_v4() ? is_public4(address.to_v4().to_uint()) : is_public6(address.to_v6());
}

}  // namespace genspool::workers
