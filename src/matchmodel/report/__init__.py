"""What people read: blocks, drawings, words."""
