// What anybody who knows the address may send there: it is survived, answered in JSON, and names a
// task that may be asked for, or none.

#include <boost/json/parse.hpp>
#include <string>

#include "proto/codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/registry.hpp"

namespace genspool::fuzz {

namespace {

void put_before(const proto::Provider& provider, std::string_view input) {
    const proto::Callback said = provider.read_callback(input);
    boost::json::error_code error;
    const boost::json::value answer = boost::json::parse(said.answer, error);
    must(!error && answer.is_object(), "the answer is a JSON object");
    must(said.task.size() <= input.size(), "the task stands in what was said");
    must(said.task != "0", "a task has an id");
    must(said.task.empty() || answer.get_object().empty(), "a challenge is no update");
}

}  // namespace

void fuzz_one(std::string_view input) {
    for (const proto::Provider* provider : registry().providers())
        put_before(*provider, input);
}

}  // namespace genspool::fuzz
