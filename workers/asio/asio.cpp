/// The one translation unit that holds Asio's, Asio's TLS and Beast's function bodies.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
