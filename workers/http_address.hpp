#pragma once

#include <boost/asio/ip/address.hpp>

namespace genspool::workers {

/// Whether an address belongs to the public Internet: not loopback, private, link-local, unique
/// local, shared, multicast or reserved, nor an IPv6 address that stands for such an IPv4 one.
bool is_public_address(const boost::asio::ip::address& address);

}  // namespace genspool::workers
