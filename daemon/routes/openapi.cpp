#include "daemon/routes/openapi.hpp"

#include "daemon/api.hpp"
#include "daemon/api_description.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"

namespace genspool::daemon::routes {

boost::asio::awaitable<Reply> openapi(Api&, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    const ApiDescription description = api_description();
    Reply reply(200);
    reply.headers.emplace_back("ETag", description.etag);
    reply.headers.emplace_back("Cache-Control", "no-cache");
    if (request.field(Field::if_none_match) == description.etag) {
        reply.status = 304;
    } else {
        reply.body = description.bytes;
    }
    co_return reply;
}

}  // namespace genspool::daemon::routes
