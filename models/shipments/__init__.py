"""What leaves us: will it be late, and when will it arrive?"""
