"""What people may do: proposals, the policies that judge them, and the desk, the only hand that records decisions."""
