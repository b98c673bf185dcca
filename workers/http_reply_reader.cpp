#include "workers/http_reply_reader.hpp"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

namespace genspool::workers {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

namespace {

constexpr std::uint32_t head_bytes_max = 64U << 10U;
constexpr std::size_t head_room = 16U << 10U;
constexpr std::size_t body_room = 128U << 10U;
/// Trust in a declared length goes this far before the bytes are there.
constexpr std::uint64_t reserve_bytes_max = 1U << 20U;
constexpr int interim_replies_max = 32;
/// "0\r\n\r\n": once it has asked for more within a chunked body, Beast (1.81) asserts that it gets
/// as many, and no body can end with fewer.
constexpr std::size_t last_chunk_bytes = 5;

/// Beast's parser, with the head and the body put where we want them.
class Parser : public http::basic_parser<false> {
public:
    Parser(bool head_only, std::uint64_t bytes_max) {
        header_limit(head_bytes_max);
        body_limit(bytes_max);
        eager(true);
        skip(head_only);
    }

    HttpHead head;
    std::string body;

private:
    void on_request_impl(http::verb, beast::string_view, beast::string_view, int,
                         error_code&) override {}

    void on_response_impl(int code, beast::string_view, int, error_code& error) override {
        if (code < 100) error = http::error::bad_status;
        head.status = code;
    }

    void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                       error_code&) override {
        if (is_header_done()) return;  // a trailer after the last chunk
        head.headers.push_back({std::string(name), std::string(value)});
    }

    void on_header_impl(error_code&) override {}

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
        if (length) body.reserve(static_cast<std::size_t>(std::min(*length, reserve_bytes_max)));
    }

    std::size_t on_body_impl(beast::string_view piece, error_code&) override {
        body.append(piece.data(), piece.size());
        return piece.size();
    }

    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code&) override {
        body.append(piece.data(), piece.size());
        return piece.size();
    }

    void on_finish_impl(error_code&) override {}
};

HttpFailure failure_of(const error_code& error) {
    if (error == http::error::body_limit) {
        return {HttpError::too_large, "the reply is longer than allowed"};
    }
    if (error == http::error::partial_message || error == http::error::end_of_stream) {
        return {HttpError::reset, "the connection ended within the reply"};
    }
    return {HttpError::protocol, "the reply is not proper HTTP: " + error.message()};
}

}  // namespace

class HttpReplyReader::State {
public:
    State(bool head_only, std::uint64_t bytes_max)
        : parser(std::in_place, head_only, bytes_max),
          head_only_(head_only),
          bytes_max_(bytes_max) {}

    void parse() {
        while (buffer.size() > too_few_ && !done && !failure) {
            error_code error;
            const std::size_t used = parser->put(buffer.data(), error);
            buffer.consume(used);
            const bool more = error == http::error::need_more;
            too_few_ = more && parser->is_header_done() ? last_chunk_bytes - 1 : 0;
            if (more) {
                // The parser bounds a head, but not the line before a chunk.
                if (buffer.size() <= head_bytes_max) return;
                error = http::error::bad_chunk_extension;
            }
            // A length over the limit is found with the last byte of the head.
            head_known = parser->is_header_done() || error == http::error::body_limit;
            if (error) {
                failure = failure_of(error);
            } else if (parser->is_done()) {
                finish();
            } else if (used == 0) {
                return;
            }
        }
    }

    void end() {
        if (done || failure) return;
        error_code error = http::error::end_of_stream;
        if (parser->got_some()) parser->put_eof(error);
        if (error) {
            failure = failure_of(error);
        } else {
            done = true;
        }
    }

    bool head_known = false;
    bool done = false;
    HttpFailure failure;
    beast::flat_buffer buffer;
    std::optional<Parser> parser;

private:
    void finish() {
        const int status = parser->head.status;
        if (status >= 200) {
            done = true;
            return;
        }
        head_known = false;
        if (status == 101 || ++interim_replies_ > interim_replies_max) {
            failure = {HttpError::protocol, "the server answers with interim replies only"};
            return;
        }
        parser.emplace(head_only_, bytes_max_);
    }

    bool head_only_;
    std::uint64_t bytes_max_;
    int interim_replies_ = 0;
    std::size_t too_few_ = 0;  ///< the parser is called with more bytes than that
};

HttpReplyReader::HttpReplyReader(bool head_only, std::uint64_t bytes_max)
    : state_(std::make_unique<State>(head_only, bytes_max)) {}

HttpReplyReader::~HttpReplyReader() = default;

boost::asio::mutable_buffer HttpReplyReader::room() {
    const bool much_to_come =
        state_->parser->is_header_done() &&
        state_->parser->content_length_remaining().value_or(body_room) > head_room;
    return state_->buffer.prepare(much_to_come ? body_room : head_room);
}

void HttpReplyReader::received(std::size_t bytes) {
    state_->buffer.commit(bytes);
    state_->parse();
}

void HttpReplyReader::ended() {
    state_->end();
}

bool HttpReplyReader::head_known() const {
    return state_->head_known;
}

bool HttpReplyReader::done() const {
    return state_->done;
}

const HttpFailure& HttpReplyReader::failure() const {
    return state_->failure;
}

HttpHead HttpReplyReader::take_head() {
    return std::move(state_->parser->head);
}

std::string HttpReplyReader::take_body() {
    return std::exchange(state_->parser->body, {});
}

bool HttpReplyReader::keeps_connection() const {
    return state_->done && !state_->failure && !state_->parser->need_eof() &&
           state_->parser->keep_alive() && state_->buffer.size() == 0;
}

}  // namespace genspool::workers
