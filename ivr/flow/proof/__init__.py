"""What ``ivr check`` proves of a service, for every call that can be made to it in the coming year.

The space that is explored: every line x what answers it (its flow, and the ``closed`` one: by intervals of a whole
year from an instant that is an argument, see ``calendar``) x the flow's nodes, with the nodes that called a sub-flow
x every outcome that ``Node.edges()`` names: each key, silence, wrong entry, lookup result, queue without anybody. A
*state* is a node with the stack of sub-flows that are to return (``ways``). What a branch decides by is not looked
into: each of its outcomes is taken to be possible, which proves more than is asked.

What is proved:

- **Nobody walks for ever.** No circle of states can be walked by silence alone (``Node.silent``), and none by wrong
  entries alone (``Node.erring``): whoever does nothing and whoever only errs are led out of every state.
- **Every state is near a person.** From every state, whatever the caller keys and whatever lookups and queues answer,
  an operator, a callback, a voice message or a declared end comes within N nodes (``steps`` of the flow's file, 12 by
  default). Not counted is what a caller walks by own will: ``*``, and a way *round*, which is an outcome that, on a
  circle, leads no further from the start of the call than it was before. Without ways round there is no circle, so
  that the worst case is a longest path and is computed exactly. By the first theorem every circle needs the caller's
  own right key; and the session ends even such a call after 200 nodes. A queue in which nobody answers leads to
  a state of its own, for which all of this holds again; one that is closed is passed as any other node.
- **0 reaches a person**, and so does a flow's rescue: along every way of a caller who presses nothing more, an
  operator's queue or a voice message comes before any end. A queue is nobody while it is closed, with all that it
  overflows to: proved for each set of queues that are closed at once while calls come, by intervals (``shut``).
- **Nothing piles up, nothing is cut off**: no sub-flow comes again to the node that called it, and the rescue's own
  node leads on by each of its outcomes.
- **Nothing is missing**: edges lead somewhere, nodes can be reached, prompts exist, with their slots, in each language
  that can be spoken where they are said.

What is wrong is told with the shortest call that shows it (``told``).
"""
