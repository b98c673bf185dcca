#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace genspool::tests {

/// The part of JSON Schema 2020-12 that our own documents use. A keyword that it does not know
/// throws std::logic_error: nothing in a schema goes unheeded.
class JsonSchema {
public:
    /// `document` is what "#/…" points into; it outlives this. `exact`: an object whose members are
    /// listed has no others, also where the schema would let them pass.
    JsonSchema(const boost::json::value& document, bool exact)
        : document_(document), exact_(exact) {}

    /// Where `value` differs from the schema, and how; empty: it is valid.
    std::string fault(const boost::json::value& value, const boost::json::value& schema) const;
    /// The same for the schema at that place of the document, as in "#/components/schemas/Job".
    std::string fault_at(const boost::json::value& value, const std::string& place) const;

private:
    const boost::json::value& document_;
    bool exact_;
};

}  // namespace genspool::tests
