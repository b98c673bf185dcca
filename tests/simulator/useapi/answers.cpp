#include "tests/simulator/useapi/answers.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace genspool::simulator::useapi {

namespace json = boost::json;

std::string_view words_of(int status) {
    switch (status) {
        case 400:
            return "Bad request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Subscription expired";
        case 404:
            return "Not found";
        case 412:
            return "Insufficient credits or no such plan";
        case 422:
            return "The content was moderated";
        case 429:
            return "Too many generations at once, please retry later";
        case 596:
            return "The account is on hold";
        default:
            return "Something went wrong";
    }
}

ModelReply answer(const json::value& body, int status) {
    ModelReply reply;
    reply.status = status;
    reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    reply.body = json::serialize(body);
    return reply;
}

ModelReply answer_nothing() {
    ModelReply reply;
    reply.status = 204;
    return reply;
}

ModelReply answer_refusal(int status, std::string_view text) {
    return answer(json::object{{"error", text}, {"code", status}}, status);
}

ModelReply answer_refusal(int status) {
    return answer_refusal(status, words_of(status));
}

}  // namespace genspool::simulator::useapi
