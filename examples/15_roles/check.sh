#!/bin/sh
# Runs the example and compares all that it says.
# usage: check.sh PROGRAM
set -eu

said=$("$1")
wanted='visitor: price: ok
visitor: buy: unauthenticated, 0x6c21cb0b may not be called on this connection: nobody has logged in on it
visitor: refund: unauthenticated, 0x29ee627f may not be called on this connection: nobody has logged in on it
server: carl buys tea
customer: price: ok
customer: buy: ok
customer: refund: permission_denied, shop.Shop.refund is for the role cashier or manager (@roles), which this session does not have
server: cora buys tea
cashier: price: ok
cashier: buy: ok
cashier: refund: ok'
[ "$said" = "$wanted" ] && exit 0
echo "$said"
echo "check.sh: that is not what 15_roles should say"
exit 1
