#include "daemon/http_reader.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <optional>
#include <utility>

namespace genspool::daemon {

namespace http = boost::beast::http;

namespace {

using Code = boost::beast::error_code;
using Text = boost::beast::string_view;

constexpr std::size_t read_bytes = 32U << 10U;
/// "0\r\n\r\n": once it has asked for more within a chunked body, Beast (1.81) asserts that it gets
/// as many, and no body can end with fewer.
constexpr std::size_t last_chunk_bytes = 5;

std::optional<Field> known_field(http::field name, Text text) {
    switch (name) {
        case http::field::authorization:
            return Field::authorization;
        case http::field::content_type:
            return Field::content_type;
        case http::field::cookie:
            return Field::cookie;
        case http::field::expect:
            return Field::expect;
        case http::field::host:
            return Field::host;
        case http::field::if_none_match:
            return Field::if_none_match;
        case http::field::if_range:
            return Field::if_range;
        case http::field::origin:
            return Field::origin;
        case http::field::prefer:
            return Field::prefer;
        case http::field::range:
            return Field::range;
        default:
            break;
    }
    if (boost::beast::iequals(text, "Idempotency-Key")) return Field::idempotency_key;
    if (boost::beast::iequals(text, "Last-Event-ID")) return Field::last_event_id;
    if (boost::beast::iequals(text, "Mcp-Method")) return Field::mcp_method;
    if (boost::beast::iequals(text, "Mcp-Name")) return Field::mcp_name;
    if (boost::beast::iequals(text, "MCP-Protocol-Version")) return Field::mcp_protocol_version;
    if (boost::beast::iequals(text, "Sec-Fetch-Site")) return Field::sec_fetch_site;
    if (boost::beast::iequals(text, "traceparent")) return Field::traceparent;
    return std::nullopt;
}

/// Beast's parser with just as much kept as is needed.
class Parser : public http::basic_parser<true> {
public:
    Request request;
    std::string piece;

private:
    void on_request_impl(http::verb, Text method, Text target, int, Code&) override {
        request.method.assign(method.data(), method.size());
        request.target.assign(target.data(), target.size());
    }
    void on_response_impl(int, Text, int, Code&) override {}
    void on_field_impl(http::field name, Text text, Text value, Code&) override {
        const auto field = known_field(name, text);
        if (!field) return;
        std::string& kept = request.fields[static_cast<std::size_t>(*field)];
        // A trace context never stands in the way of what it tells of: two of them are none.
        if (!kept.empty() && *field == Field::traceparent) value = {};
        if (!kept.empty() && *field != Field::traceparent)
            request.repeated_field.assign(text.data(), text.size());
        // Whoever sends no key where there should be one would buy twice without knowing it.
        if (*field == Field::idempotency_key && value.empty())
            request.empty_field.assign(text.data(), text.size());
        kept.assign(value.data(), value.size());
    }
    void on_header_impl(Code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text body, Code&) override {
        piece.append(body.data(), body.size());
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override {
        piece.append(body.data(), body.size());
        return body.size();
    }
    void on_finish_impl(Code&) override {}
};

int status_of(const Code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::bad_version) return 505;
    return 400;
}

}  // namespace

struct HttpReader::Impl {
    std::uint32_t header_bytes_max;
    boost::beast::flat_buffer bytes;
    std::optional<Parser> parser;
    bool head_given = false;
    std::size_t too_few = 0;  ///< the parser is called with more bytes than that
    int status = 0;
    std::string reason;

    HttpStep fail(const Code& error) {
        status = status_of(error);
        reason = error.message();
        return HttpStep::failed;
    }
};

HttpReader::HttpReader(std::uint32_t header_bytes_max) : impl_(std::make_unique<Impl>()) {
    impl_->header_bytes_max = header_bytes_max;
}

HttpReader::~HttpReader() = default;

std::span<char> HttpReader::room() {
    const auto room = impl_->bytes.prepare(read_bytes);
    return {static_cast<char*>(room.data()), room.size()};
}

void HttpReader::arrived(std::size_t count) {
    impl_->bytes.commit(count);
}

void HttpReader::begin(std::uint64_t body_bytes_max) {
    impl_->parser.emplace();
    impl_->parser->header_limit(impl_->header_bytes_max);
    impl_->parser->body_limit(body_bytes_max);
    impl_->head_given = false;
    impl_->too_few = 0;
}

HttpStep HttpReader::step() {
    Parser& parser = *impl_->parser;
    while (true) {
        if (impl_->status != 0) return HttpStep::failed;
        if (!parser.piece.empty()) return HttpStep::piece;
        if (!impl_->head_given && parser.is_header_done()) {
            impl_->head_given = true;
            parser.request.keep_alive = parser.keep_alive();
            return HttpStep::head;
        }
        if (parser.is_done()) return HttpStep::complete;
        if (impl_->bytes.size() <= impl_->too_few) return HttpStep::need_more;
        Code error;
        impl_->bytes.consume(parser.put(impl_->bytes.data(), error));
        const bool more = error == http::error::need_more;
        impl_->too_few = more && parser.is_header_done() ? last_chunk_bytes - 1 : 0;
        if (more) return HttpStep::need_more;
        if (error) return impl_->fail(error);
    }
}

Request& HttpReader::request() {
    return impl_->parser->request;
}

bool HttpReader::idle() const {
    return impl_->bytes.size() == 0;
}

std::string HttpReader::take_piece() {
    return std::exchange(impl_->parser->piece, {});
}

int HttpReader::status() const {
    return impl_->status;
}

const std::string& HttpReader::reason() const {
    return impl_->reason;
}

}  // namespace genspool::daemon
